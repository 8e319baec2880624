import { httpErrors } from './errors.ts'

/** How a body is read before it is checked against its schema. */
export type BodyKind = 'json' | 'form' | 'text' | 'bytes'

const accepted: Readonly<Record<BodyKind, readonly [pattern: RegExp, name: string]>> = {
  json: [/^application\/(?:[\w.-]+\+)?json$/, 'application/json'],
  form: [/^application\/x-www-form-urlencoded$/, 'application/x-www-form-urlencoded'],
  text: [/^text\/[\w.+-]+$/, 'text/plain'],
  bytes: [/^/, 'application/octet-stream'],
}

/** The media type that stands for a kind of body in descriptions. */
export function mediaTypeOf(kind: BodyKind): string {
  return accepted[kind][1]
}

/** @throws `CORE_HTTP_CONTENT_TYPE` for another media type, another charset than UTF-8, or a content encoding. */
export function checkContentType(kind: BodyKind, type: string | undefined, encoding: string | undefined): void {
  const [pattern, expected] = accepted[kind]
  if (encoding !== undefined && encoding !== '' && encoding.toLowerCase() !== 'identity')
    throw httpErrors.CORE_HTTP_CONTENT_TYPE({ type: `with the encoding ${encoding}`, expected: 'a body as it is' })
  const [media = '', ...parameters] = (type ?? '').split(';')
  if (!pattern.test(media.trim().toLowerCase()))
    throw httpErrors.CORE_HTTP_CONTENT_TYPE({ type: type === undefined ? '(none)' : media.trim(), expected })
  if (kind === 'bytes') return
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.split('=')
    const charset = value.trim().replaceAll('"', '').toLowerCase()
    if (name.trim().toLowerCase() === 'charset' && charset !== 'utf-8' && charset !== 'utf8' && charset !== 'us-ascii')
      throw httpErrors.CORE_HTTP_CONTENT_TYPE({ type: `with the charset ${charset}`, expected: 'UTF-8' })
  }
}
