import type { Clock } from '../../clock/clock.ts'
import type { Outgoing } from './incoming.ts'
import { NodeResponse, type ResponseHeaders } from './node-response.ts'

/** Options of {@link writeResponse}. */
export interface WriteOptions {
  readonly method: string
  /** Headers of HTTP/1 connections mean nothing in HTTP/2, where Node refuses them. */
  readonly http2: boolean
  readonly clock: Clock
  /** Most milliseconds that a client may take to accept what was written. */
  readonly writeTimeout: number
}

/** Hop-by-hop fields (RFC 9113 §8.2.2), which a handler has no business with on either version. */
const hopByHop = ['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade'] as const

/** Writes a response. Resolves when everything was handed over, rejects when its body fails. */
export function writeResponse(
  outgoing: Outgoing,
  response: Response,
  options: WriteOptions,
): Promise<void> | undefined {
  if (outgoing.destroyed) {
    void response.body?.cancel().catch(() => {})
    return undefined
  }
  const light = NodeResponse.untouched(response)
  if (light === undefined) return writePlatformResponse(outgoing, NodeResponse.platform(response), options)
  const { content } = light
  outgoing.writeHead(light.status, light.plainHeaders)
  if (content === null || options.method === 'HEAD') outgoing.end()
  else outgoing.end(content)
  return undefined
}

async function writePlatformResponse(outgoing: Outgoing, response: Response, options: WriteOptions): Promise<void> {
  const { body, status } = response
  outgoing.writeHead(status, headersOf(response, options))
  if (body === null || options.method === 'HEAD' || status === 204 || status === 304) {
    outgoing.end()
    if (body !== null) await body.cancel()
    return
  }
  // Node keeps headers until there is a byte to go with them; an event may be long in coming.
  if (response.headers.get('content-type')?.startsWith('text/event-stream') === true) outgoing.flushHeaders?.()
  await pump(body, outgoing, options)
}

function headersOf(response: Response, { http2 }: WriteOptions): ResponseHeaders {
  const headers: ResponseHeaders = Object.create(null)
  for (const [name, value] of response.headers) headers[name] = value
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) headers['set-cookie'] = cookies
  if (http2) for (const name of hopByHop) delete headers[name]
  else delete headers['transfer-encoding']
  return headers
}

/** Copies a stream to the client at the client's pace; a client that leaves or stalls ends the stream. */
async function pump(body: ReadableStream<Uint8Array>, outgoing: Outgoing, options: WriteOptions): Promise<void> {
  const reader = body.getReader()
  const leave = (): void => {
    if (!outgoing.writableFinished) void reader.cancel().catch(() => {})
  }
  outgoing.once('close', leave)
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (outgoing.destroyed) return
      if (done) break
      if (!outgoing.write(value)) await drained(outgoing, options)
    }
    outgoing.end()
  } catch (error) {
    void reader.cancel(error).catch(() => {})
    throw error
  } finally {
    outgoing.off('close', leave)
  }
}

function drained(outgoing: Outgoing, { clock, writeTimeout }: WriteOptions): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.setTimer(() => outgoing.destroy(), writeTimeout, { background: true })
    const go = (): void => {
      timer.cancel()
      outgoing.off('drain', go)
      outgoing.off('close', go)
      resolve()
    }
    outgoing.once('drain', go)
    outgoing.once('close', go)
  })
}
