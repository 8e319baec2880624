import type { ResponseHeaders } from './node/node-response.ts'

/** A handler's own response with headers added that it lacks; without its body for HEAD. */
export function withHeaders(response: Response, headers: ResponseHeaders, request: Request): Response {
  const list = new Headers(response.headers)
  for (const name of Object.keys(headers)) {
    if (name === 'vary') list.append(name, String(headers[name]))
    else if (!list.has(name)) list.set(name, String(headers[name]))
  }
  const { status, statusText, body } = response
  // A response of status 101 or an error cannot be made anew; it is passed on as it is.
  if (status < 200) return response
  const dropped = request.method === 'HEAD' && body !== null
  if (dropped) void body.cancel().catch(() => {})
  return new Response(dropped ? null : body, { status, statusText, headers: list })
}
