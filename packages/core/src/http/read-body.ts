import type { Clock, Timer } from '../clock/clock.ts'
import { checkContentType, type BodyKind } from './content-type.ts'
import { httpErrors } from './errors.ts'
import { formValues } from './form-values.ts'
import { NodeRequest } from './node/node-request.ts'
import { decodeText, parseJson } from './parse-json.ts'
import { headerOf } from './request-parts.ts'
import { readLimited } from './read-limited.ts'

/** How a body is read. */
export interface ReadBodyOptions {
  readonly kind: BodyKind
  /** Most bytes, counted as they arrive. */
  readonly limit: number
  /** Most milliseconds until it is complete. */
  readonly timeout: number
  readonly clock: Clock
}

/**
 * The body of a request as a value: parsed JSON, form fields, text or bytes.
 *
 * @throws `CORE_HTTP_CONTENT_TYPE`, `CORE_HTTP_BODY_TOO_LARGE`, `CORE_HTTP_BODY_TIMEOUT`, `CORE_HTTP_BODY_MALFORMED`,
 * `CORE_HTTP_CLIENT_GONE`
 */
export async function readBody(request: Request, options: ReadBodyOptions): Promise<unknown> {
  const { kind } = options
  checkContentType(kind, headerOf(request, 'content-type'), headerOf(request, 'content-encoding'))
  const bytes = await (NodeRequest.of(request)?.collectWithin(options) ?? collectPlatform(request, options))
  switch (kind) {
    case 'json':
      return parseJson(bytes)
    case 'form':
      return formValues(decodeText(bytes))
    case 'text':
      return decodeText(bytes)
    case 'bytes':
      return bytes
  }
}

async function collectPlatform(request: Request, { limit, timeout, clock }: ReadBodyOptions): Promise<Uint8Array> {
  if (request.bodyUsed) throw httpErrors.CORE_HTTP_BODY_USED()
  if (request.body === null) return new Uint8Array()
  if (Number(headerOf(request, 'content-length') ?? 0) > limit) throw httpErrors.CORE_HTTP_BODY_TOO_LARGE({ limit })
  let timer: Timer | undefined
  const late = new Promise<never>((_, reject) => {
    const refuse = (): void => reject(httpErrors.CORE_HTTP_BODY_TIMEOUT({ limit: timeout }))
    timer = clock.setTimer(refuse, timeout, { background: true })
  })
  try {
    return await Promise.race([readLimited(request.body, limit), late])
  } finally {
    timer?.cancel()
  }
}
