import type { FakeHost } from './fake-host.ts'
import { encodeErrorFrame, encodeFrame } from '../repo/index.ts'
import type { StoredFrame } from './event-log.ts'
import type { ServerSocket } from '../http/index.ts'

/** Changes a frame on its way out; undefined leaves it out. */
export type FrameFilter = (frame: StoredFrame) => readonly Uint8Array[]

/** Bytes on their way to a reader before it has to take some. */
const mostBuffered = 1024 * 1024

/**
 * Serves `com.atproto.sync.subscribeRepos` on a socket: what is kept after the cursor, then what comes. A cursor of the
 * future or one that is no number ends it, as on the official server.
 */
export function serveSubscription(
  host: FakeHost,
  socket: ServerSocket,
  cursor: string | null,
  filter: FrameFilter,
): void {
  const refuse = (error: string, message: string): void => {
    socket.send(encodeErrorFrame(error, message))
    socket.close(1008)
  }
  const from = cursor === null ? host.events.last : Number(cursor)
  if (!Number.isInteger(from)) return refuse('InvalidRequest', 'Error: cursor must be an integer')
  if (from > host.events.last) return refuse('FutureCursor', 'Cursor in the future.')
  if (from < host.events.forgotten && from > 0)
    socket.send(
      encodeFrame('#info', {
        name: 'OutdatedCursor',
        message: 'Requested cursor exceeded limit. Possibly missing events',
      }),
    )
  void follow(host, socket, from, filter)
}

async function follow(host: FakeHost, socket: ServerSocket, from: number, filter: FrameFilter): Promise<void> {
  let isOpen = true
  let wake = (): void => {}
  const waiting = [...host.events.after(from)]
  const stop = host.events.listen((frame) => {
    waiting.push(frame)
    wake()
  })
  void socket.closed.then(() => {
    isOpen = false
    wake()
  })
  while (isOpen) {
    const frame = waiting.shift()
    if (frame === undefined) await new Promise<void>((resolve) => (wake = resolve))
    else for (const bytes of filter(frame)) socket.send(bytes)
    if (socket.buffered > mostBuffered) await socket.drained()
  }
  stop()
}
