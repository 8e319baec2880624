import { httpErrors } from './errors.ts'
import { headerOf } from './request-parts.ts'

const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

/** The header that no form and no image can send: asking for it makes a browser ask the server first. */
const csrfHeader = 'x-exprsn-csrf'

/**
 * Refuses a change that another site made a browser send. A browser says where a request comes from
 * (https://www.w3.org/TR/fetch-metadata/); one too old to say so has its Origin compared. The header comes on top.
 *
 * @throws `CORE_HTTP_CROSS_SITE`
 */
export function refuseCrossSite(request: Request): void {
  if (safe.has(request.method)) return
  const site = headerOf(request, 'sec-fetch-site')
  if (site === undefined) {
    const origin = headerOf(request, 'origin')
    if (origin !== undefined && origin !== new URL(request.url).origin) throw crossSite('its Origin is another one')
  } else if (site !== 'same-origin' && site !== 'none') throw crossSite(`Sec-Fetch-Site is ${site}`)
  if (headerOf(request, csrfHeader) === undefined) throw crossSite(`the header ${csrfHeader} is missing`)
}

function crossSite(reason: string) {
  return httpErrors.CORE_HTTP_CROSS_SITE({ reason })
}
