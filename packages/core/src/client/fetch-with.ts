import type { Client } from './create-client.ts'
import { clientErrors } from './errors.ts'
import type { RequestOptions } from './client-options.ts'

/** Statuses that a `Response` of the platform takes no body with (Fetch standard §2.2.3, null body status). */
const bodyless = new Set([204, 205, 304])

/** Sends a request in the shape of `fetch` through a client. */
export async function fetchWith(
  client: Pick<Client, 'stream'>,
  input: string | URL | Request,
  init?: RequestInit,
): Promise<Response> {
  const { url, request } = requestOf(input, init)
  const streamed = await client.stream(url, { ...(await optionsOf(request, init)), throwOnStatus: false })
  const { status, headers } = streamed
  if (request.redirect === 'error' && status >= 300 && status < 400 && headers.has('location')) {
    streamed.cancel()
    throw clientErrors.CORE_CLIENT_REDIRECT_REFUSED({
      origin: new URL(streamed.url).origin,
      reason: "redirect is 'error'",
    })
  }
  const empty = bodyless.has(status)
  if (empty) streamed.cancel()
  const body = empty ? null : (ReadableStream.from(streamed.body) as ReadableStream<Uint8Array<ArrayBuffer>>)
  const response = new Response(body, { status, headers })
  Object.defineProperty(response, 'url', { value: streamed.url })
  Object.defineProperty(response, 'redirected', { value: streamed.url !== url })
  return response
}

/** Relative URLs go to the client's own base, which `new Request` would refuse. */
function requestOf(input: string | URL | Request, init: RequestInit | undefined): { url: string; request: Request } {
  if (input instanceof Request)
    return { url: input.url, request: init === undefined ? input : new Request(input, init) }
  const duplex = init?.body == null ? {} : { duplex: 'half' }
  return { url: String(input), request: new Request('http://localhost/', { ...init, ...duplex } as RequestInit) }
}

async function optionsOf(request: Request, init: RequestInit | undefined): Promise<RequestOptions> {
  // A Request turns everything into a stream; what was whole before can be sent again when it is kept whole.
  const whole =
    init?.body != null && !(init.body instanceof ReadableStream) && !(Symbol.asyncIterator in Object(init.body))
  const body = whole ? new Uint8Array(await request.arrayBuffer()) : (request.body as AsyncIterable<Uint8Array> | null)
  return {
    method: request.method,
    headers: Object.fromEntries(request.headers),
    signal: request.signal,
    ...(body === null ? {} : { body }),
    ...(request.redirect === 'follow' ? {} : { maxRedirects: 0 }),
  }
}
