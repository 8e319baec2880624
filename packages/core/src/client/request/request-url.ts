import { clientErrors } from '../errors.ts'

/** Values of a query: a list gives its name once for each value, `undefined` leaves it out. */
export type Query = Readonly<Record<string, QueryValue | readonly QueryValue[] | undefined>>

/** One value of a query. */
export type QueryValue = string | number | bigint | boolean

/**
 * The URL of a request: absolute, or a path below the base's own path, which it cannot leave: `..` in a part that came from
 * outside must not reach another interface of the same service.
 *
 * @throws `CORE_CLIENT_URL_INVALID`
 */
export function requestUrl(target: string | URL, base: URL | undefined, query: Query = {}): URL {
  const text = String(target)
  const url = base === undefined || /^[a-z][a-z0-9+.-]*:/i.test(text) ? parseUrl(text) : below(base, text)
  for (const [name, value] of Object.entries(query))
    for (const one of Array.isArray(value) ? (value as readonly QueryValue[]) : [value])
      if (one !== undefined) url.searchParams.append(name, String(one))
  url.hash = ''
  return url
}

/** An absolute URL that may be called. @throws `CORE_CLIENT_URL_INVALID` */
export function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined) throw clientErrors.CORE_CLIENT_URL_INVALID({ reason: 'it is not an absolute URL' })
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw clientErrors.CORE_CLIENT_URL_INVALID({ reason: `its scheme is ${url.protocol} instead of http: or https:` })
  if (url.username !== '' || url.password !== '')
    throw clientErrors.CORE_CLIENT_URL_INVALID({
      reason: 'it holds a user name or password, which belong into an authorization header',
    })
  return url
}

function below(base: URL, path: string): URL {
  const folder = base.pathname.endsWith('/') ? base.pathname : `${base.pathname}/`
  const [, name = '', rest = ''] = /^([^?#]*)(.*)$/s.exec(path)!
  const url = parseUrl(`${base.origin}${folder}${name.replace(/^\//, '')}${rest}`)
  if (name === '') url.pathname = base.pathname
  if (name !== '' && !url.pathname.startsWith(folder))
    throw clientErrors.CORE_CLIENT_URL_INVALID({ reason: 'its path leaves that of the baseUrl' })
  return url
}
