import { openWebSocket, type WebSocketOptions } from '../drivers/web-socket.ts'
import type { SourceItem } from './sync-source.ts'

/** What a message of a WebSocket is for a sync; after `reset` the stream is read no further. */
export type ItemsOf = (message: Uint8Array | string) => readonly SourceItem[]

/** The items of a stream that comes over a WebSocket, `open` first. */
export async function* readStream(
  url: string,
  { signal, ...options }: Omit<WebSocketOptions, 'onOpen'>,
  itemsOf: ItemsOf,
): AsyncGenerator<SourceItem, void, undefined> {
  let isOpen = false
  let opened = (): void => void (isOpen = true)
  // Who leaves the loop while a message is awaited must not wait for it.
  const left = new AbortController()
  const messages = openWebSocket(url, {
    ...options,
    signal: AbortSignal.any([signal, left.signal]),
    onOpen: () => opened(),
  })
  // The connection is news of its own: on a quiet host the first message may take hours.
  const whenOpen = new Promise<'open'>((resolve) => {
    opened = () => {
      isOpen = true
      resolve('open')
    }
  })
  let next = messages.next()
  try {
    const first = await Promise.race([whenOpen, next])
    if (first === 'open' || isOpen) yield { kind: 'open' }
    for (;;) {
      const { done, value } = await next
      if (done === true) return
      for (const item of itemsOf(value)) {
        yield item
        if (item.kind === 'reset') return
      }
      next = messages.next()
    }
  } finally {
    next.catch(() => undefined)
    left.abort()
    await messages.return()
  }
}
