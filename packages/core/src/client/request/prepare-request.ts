import type { RequestOptions } from '../client-options.ts'
import { clientErrors } from '../errors.ts'
import { acceptedCodings } from '../response/decode-body.ts'
import { isIdempotent } from './idempotent.ts'
import type { Hop } from './next-hop.ts'
import { prepareBody } from './request-body.ts'
import { isSecretHeader, requestHeaders, type HeaderInput } from './request-headers.ts'
import { requestUrl } from './request-url.ts'

/** What is sent first, and whether it may be sent again. */
export interface PreparedRequest {
  readonly hop: Hop
  readonly repeatable: boolean
}

/**
 * Makes a request out of its options and those of the client.
 *
 * @throws `CORE_CLIENT_URL_INVALID`, `CORE_CLIENT_HEADER_INVALID`, `CORE_CLIENT_BODY_INVALID`, `CORE_CLIENT_OPTION_INVALID`.
 */
export async function prepareRequest(
  target: string | URL,
  options: RequestOptions,
  base: URL | undefined,
  defaults: HeaderInput = {},
): Promise<PreparedRequest> {
  const { headers, query, idempotencyKey } = options
  const url = requestUrl(target, base, query)
  const method = methodOf(options)
  const body = await prepareBody(method, options)
  const own = base === undefined || base.origin === url.origin ? defaults : withoutSecretInputs(defaults)
  const fields = requestHeaders(
    { 'accept-encoding': acceptedCodings, 'content-type': body.contentType, 'idempotency-key': idempotencyKey },
    own,
    headers,
  )
  const hop = { url, method, headers: fields, body }
  return { hop, repeatable: isIdempotent(method, fields['idempotency-key']) && body.repeatable }
}

function methodOf({ method, body, json }: RequestOptions): string {
  const name = (method ?? (body === undefined && json === undefined ? 'GET' : 'POST')).toUpperCase()
  if (!/^[A-Z][A-Z-]*$/.test(name) || name === 'CONNECT')
    throw clientErrors.CORE_CLIENT_OPTION_INVALID({ option: 'method', value: name })
  return name
}

function withoutSecretInputs(headers: HeaderInput): HeaderInput {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !isSecretHeader(name)))
}
