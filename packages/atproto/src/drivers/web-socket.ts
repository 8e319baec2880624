import { systemClock, type Clock } from '@exprsn/core'
import {
  guardedConnector,
  type AllowOptions,
  type ConnectCallback,
  type ConnectTarget,
  type Resolve,
} from '@exprsn/core/client'
import { webSocketErrors } from './web-socket/errors.ts'

/** Options of {@link openWebSocket}. */
export interface WebSocketOptions {
  /** Where connections may go. @default public addresses alone */
  readonly allow?: AllowOptions | undefined
  /** Gives the addresses of a name. @default the operating system's resolver */
  readonly resolve?: Resolve | undefined
  /** Sent with the request that opens it. @default {} */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Told once the connection stands. */
  readonly onOpen?: (() => void) | undefined
  /** Messages wait up to so many bytes before the sender has to wait. @default 8 MiB */
  readonly highWaterMark?: number | undefined
  /** Milliseconds without a message after which the connection counts as lost. @default 300000 */
  readonly idleTimeout?: number | undefined
  /** Given the means to send text. */
  readonly onSender?: ((send: (text: string) => void) => void) | undefined
  readonly signal: AbortSignal
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/**
 * Reads the messages of a WebSocket. What is not taken makes the sender wait; leaving the loop ends the connection. Addresses
 * are checked as those of outgoing HTTP are.
 *
 * @throws `ATPROTO_WEBSOCKET_LOST` when it ends or breaks; the signal's reason
 */
export async function* openWebSocket(
  url: string,
  options: WebSocketOptions,
): AsyncGenerator<Uint8Array | string, void, undefined> {
  const { signal, clock = systemClock, highWaterMark = 8 * 1024 * 1024, idleTimeout = 300_000 } = options
  signal.throwIfAborted()
  const undici = await import('undici')
  const guarded = guardedConnector({ undici: undici as never, allow: options.allow, resolve: options.resolve, clock })
  let wire: { pause(): unknown; resume(): unknown } | undefined
  let refusal: Error | null = null
  const connect = (target: ConnectTarget, callback: ConnectCallback): void =>
    guarded(target, (...result) => {
      refusal = result[0]
      wire = result[1] ?? undefined
      callback(...result)
    })
  const agent = new undici.Agent({ connect: connect as never })
  const socket = new undici.WebSocket(url, { dispatcher: agent, headers: { ...options.headers } })
  socket.binaryType = 'arraybuffer'

  const queue: (Uint8Array | string)[] = []
  let bytes = 0
  let end: { readonly error: unknown } | undefined
  let wake = (): void => {}
  const finish = (error: unknown): void => {
    end ??= { error }
    wake()
  }
  const lost = (reason: string, cause?: unknown): Error =>
    webSocketErrors.ATPROTO_WEBSOCKET_LOST({ url, reason }, { cause })
  const onAbort = (): void => finish(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  socket.addEventListener('open', () => {
    options.onSender?.((text) => socket.send(text))
    options.onOpen?.()
  })
  socket.addEventListener('message', ({ data }) => {
    const message = typeof data === 'string' ? data : new Uint8Array(data as ArrayBuffer)
    queue.push(message)
    bytes += message.length
    if (bytes > highWaterMark) wire?.pause()
    wake()
  })
  socket.addEventListener('error', ({ error, message }) => {
    const cause = refusal ?? error
    finish(lost(refusal?.message ?? (message || 'it could not be opened'), cause))
  })
  socket.addEventListener('close', ({ code, reason }) =>
    finish(lost(`it was closed with ${code}${reason ? ` (${reason})` : ''}`, refusal ?? undefined)),
  )
  try {
    for (;;) {
      const message = queue.shift()
      if (message !== undefined) {
        bytes -= message.length
        if (bytes <= highWaterMark / 2) wire?.resume()
        yield message
      } else if (end !== undefined) {
        throw (end as { readonly error: unknown }).error
      } else {
        const timer = clock.setTimer(() => finish(lost('nothing came for too long')), idleTimeout, { background: true })
        await new Promise<void>((resolve) => (wake = resolve))
        timer.cancel()
      }
      if (signal.aborted) throw signal.reason
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    guarded.abort()
    socket.close()
    await agent.destroy()
  }
}
