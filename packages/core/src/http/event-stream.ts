import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { milliseconds, type Duration } from '../duration/duration.ts'

/** One server-sent event. */
export interface ServerSentEvent {
  /** A text as it is; anything else as JSON. */
  readonly data: unknown
  /** @default 'message' */
  readonly event?: string | undefined
  /** Sent back by a browser as `Last-Event-ID` when it connects again. */
  readonly id?: string | undefined
  /** Milliseconds after which a browser connects again. */
  readonly retry?: number | undefined
}

/** Options of {@link eventStream}. */
export interface EventStreamOptions {
  /** Ends the stream. @default none; leaving ends it in any case */
  readonly signal?: AbortSignal | undefined
  /** How long nothing may be sent before a comment is, so that proxies keep the connection. @default '15s' */
  readonly heartbeat?: Duration | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/**
 * Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) from an iterable, at the pace of
 * the client: the next event is asked for when there is room for it. When the client leaves, the iterable is returned.
 * Bytes are whole events in the form of the standard: what many clients get can be encoded once.
 *
 * @example
 * ```ts
 * import { eventStream } from '@exprsn/core/http'
 *
 * async function* progress() {
 *   yield { data: { done: 1 }, id: '1' }
 * }
 * console.log(JSON.stringify(await eventStream(progress()).text())) // "id: 1\ndata: {\"done\":1}\n\n"
 * ```
 */
export function eventStream(
  events: AsyncIterable<ServerSentEvent | Uint8Array<ArrayBuffer>>,
  options: EventStreamOptions = {},
): Response {
  const { signal, clock = systemClock } = options
  const heartbeat = milliseconds(options.heartbeat ?? '15s')
  const iterator = events[Symbol.asyncIterator]()
  const encoder = new TextEncoder()
  // Kept over a heartbeat: asking twice would lose an event.
  let next: Promise<IteratorResult<ServerSentEvent | Uint8Array<ArrayBuffer>>> | undefined
  let isStopped = signal?.aborted === true
  let wake = (): void => {}
  const stop = (): void => {
    isStopped = true
    wake()
  }
  signal?.addEventListener('abort', stop, { once: true })

  async function leave(): Promise<void> {
    signal?.removeEventListener('abort', stop)
    stop()
    // Not awaited: a generator that waits for its next event returns only after it.
    void iterator.return?.()?.then(undefined, () => {})
  }

  /** The next event, or what comes before it. Nothing that lives as long as the stream is raced: that would keep every event. */
  function nextOr(): Promise<IteratorResult<ServerSentEvent | Uint8Array<ArrayBuffer>> | 'heartbeat' | 'stopped'> {
    return new Promise((resolve, reject) => {
      if (isStopped) return resolve('stopped')
      const timer = clock.setTimer(() => resolve('heartbeat'), heartbeat, { background: true })
      wake = () => {
        timer.cancel()
        resolve('stopped')
      }
      next ??= iterator.next()
      next.then(
        (result) => {
          timer.cancel()
          resolve(result)
        },
        (error: unknown) => {
          timer.cancel()
          signal?.removeEventListener('abort', stop)
          reject(error)
        },
      )
    })
  }

  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        const first = await nextOr()
        if (first === 'heartbeat') return controller.enqueue(encoder.encode(': \n\n'))
        if (first === 'stopped') {
          await leave()
          return controller.close()
        }
        next = undefined
        const { done, value } = first
        if (done !== true)
          return controller.enqueue(value instanceof Uint8Array ? value : encoder.encode(formatEvent(value)))
        signal?.removeEventListener('abort', stop)
        controller.close()
      },
      cancel: leave,
    },
    { highWaterMark: 0 },
  )
  const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' }
  return new Response(body, { headers })
}

/** The text of an event. Line breaks in names and ids would begin fields of their own, and are left out. */
export function formatEvent({ data, event, id, retry }: ServerSentEvent): string {
  const text = typeof data === 'string' ? data : (JSON.stringify(data) ?? '')
  const lines = [
    event === undefined ? [] : `event: ${oneLine(event)}`,
    id === undefined ? [] : `id: ${oneLine(id)}`,
    retry === undefined ? [] : `retry: ${Math.max(0, Math.round(retry))}`,
    text.split(/\r\n|\r|\n/).map((line) => `data: ${line}`),
  ]
  return `${lines.flat().join('\n')}\n\n`
}

function oneLine(text: string): string {
  return text.replace(/[\r\n\0]/g, '')
}
