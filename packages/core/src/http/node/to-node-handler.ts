import type { Clock } from '../../clock/clock.ts'
import { systemClock } from '../../clock/system-clock.ts'
import { milliseconds, type Duration } from '../../duration/duration.ts'
import { silentLogger, type Logger } from '../../logger/logger.ts'
import { httpErrors } from '../errors.ts'
import { problemAnswer } from '../problem.ts'
import { directHandlers } from './direct-handlers.ts'
import type { Incoming, Outgoing } from './incoming.ts'
import { NodeHeaders } from './node-headers.ts'
import { NodeRequest } from './node-request.ts'
import { NodeResponse } from './node-response.ts'
import { requestTarget } from './request-target.ts'
import { writeResponse } from './write-response.ts'

/** A handler in the terms of the platform: what every HTTP surface of the family is. */
export type FetchHandler = (request: Request) => Response | Promise<Response>

/** A listener for `http.createServer`, `https`, `http2.createSecureServer`, Express, Connect or Fastify's `raw` pair. */
export type NodeHandler = (incoming: Incoming, outgoing: Outgoing) => void

/** Options of {@link toNodeHandler}. */
export interface NodeHandlerOptions {
  /** Scheme and authority for `request.url`, such as `https://api.example.com`. @default from the Host header */
  readonly origin?: string | undefined
  /**
   * How many proxies of your own stand in front. With one or more, X-Forwarded-Proto and X-Forwarded-Host are believed,
   * and the client's address is the one that the outermost of them saw. @default 0
   */
  readonly trustedProxies?: number | undefined
  /** How long a client may accept nothing of what was written before the connection is closed. @default '1m' */
  readonly writeTimeout?: Duration | undefined
  /** How long a client may go on sending its body once it was answered; what nobody reads is discarded. @default '10s' */
  readonly drainTimeout?: Duration | undefined
  /** @default silentLogger */
  readonly logger?: Logger | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/**
 * Serves a `Request → Response` handler from Node's HTTP servers. The request is a light object over Node's own, made
 * as it is looked into; bodies stream both ways at the pace of the slower side; `request.signal` aborts when the client
 * leaves. A handler that throws is answered with a problem of status 500 that tells nothing; an error in the midst of a
 * body closes the connection, so that nobody takes a part for the whole.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http'
 * import { toNodeHandler } from '@exprsn/core/http'
 *
 * const server = createServer(toNodeHandler(async (request) => Response.json({ path: new URL(request.url).pathname })))
 * await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
 * const { port } = server.address() as { port: number }
 * console.log(await (await fetch(`http://127.0.0.1:${port}/jobs`)).json()) // { path: '/jobs' }
 * server.closeAllConnections()
 * server.close()
 * ```
 */
export function toNodeHandler(handler: FetchHandler, options: NodeHandlerOptions = {}): NodeHandler {
  const { trustedProxies = 0, logger = silentLogger, clock = systemClock } = options
  const origin = options.origin === undefined ? undefined : checkedOrigin(options.origin)
  const drainTimeout = milliseconds(options.drainTimeout ?? '10s')
  const writeTimeout = milliseconds(options.writeTimeout ?? '1m')
  const targetOptions = { origin, trustForwarded: trustedProxies > 0 }
  const answer = directHandlers.get(handler) ?? handler
  adoptPlatform()

  return (incoming, outgoing) => {
    const { method = 'GET', httpVersionMajor } = incoming
    const write = { method, http2: httpVersionMajor >= 2, clock, writeTimeout }
    const finish = (response: Response): void => {
      try {
        if (!incoming.complete && mayHaveBody(incoming)) limitDrain(incoming, outgoing, clock, drainTimeout)
        writeResponse(outgoing, response, write)?.catch(fail)
      } catch (error) {
        fail(error)
      }
    }
    function fail(error: unknown): void {
      if (outgoing.destroyed) return
      logger.error({ err: error, method, path: incoming.url }, 'a request could not be answered')
      if (outgoing.headersSent) outgoing.destroy()
      else finish(problemFor(error))
    }
    try {
      const target = requestTarget(incoming, targetOptions)
      if (method === 'TRACE' || method === 'CONNECT') throw httpErrors.CORE_HTTP_METHOD_NOT_ALLOWED({ method })
      const response = answer(new NodeRequest(incoming, outgoing, target, trustedProxies) as unknown as Request)
      if (response instanceof Promise) response.then(finish, fail)
      else finish(response)
    } catch (error) {
      fail(error)
    }
  }
}

function problemFor(error: unknown): Response {
  const { status, headers, content } = problemAnswer(error)
  return new NodeResponse(status, headers, content) as unknown as Response
}

/** Whether a body was announced, as HTTP/1 must. */
function mayHaveBody({ headers, httpVersionMajor }: Incoming): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined || httpVersionMajor > 1
}

/**
 * Node takes in what is left of a body that nobody read, since closing at once would reset the connection and with it the
 * answer; it does so without an end.
 */
function limitDrain(incoming: Incoming, outgoing: Outgoing, clock: Clock, timeout: number): void {
  outgoing.once('finish', () => {
    if (incoming.complete) return
    // Node itself does this only for a body that nobody began to read.
    if (incoming.listenerCount('data') === 0) incoming.resume()
    const close = (): void => void (incoming.complete || incoming.destroy())
    clock.setTimer(close, timeout, { background: true })
  })
}

let adopted = false

/** Late, because the first touch of `Request` loads the platform's fetch, which takes longer than the whole block. */
function adoptPlatform(): void {
  if (adopted) return
  adopted = true
  Object.setPrototypeOf(NodeRequest.prototype, Request.prototype)
  Object.setPrototypeOf(NodeHeaders.prototype, Headers.prototype)
  Object.setPrototypeOf(NodeResponse.prototype, Response.prototype)
}

function checkedOrigin(text: string): string {
  if (!URL.canParse(text) || !/^https?:\/\//i.test(text))
    throw httpErrors.CORE_HTTP_OPTION_INVALID({ option: 'origin', value: text })
  return new URL(text).origin
}
