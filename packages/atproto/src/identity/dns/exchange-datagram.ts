import type { Socket } from 'node:dgram'

/** Where a name server listens. */
export interface NameServer {
  readonly address: string
  readonly port: number
}

/**
 * Sends a datagram and waits for one that `accept` makes something of. The socket is connected, so that the system drops
 * what comes from other addresses; every call has a port of its own, which answers cannot guess.
 */
export async function exchangeDatagram<Answer>(
  { address, port }: NameServer,
  query: Uint8Array,
  accept: (bytes: Uint8Array) => Answer | undefined,
  signal: AbortSignal,
): Promise<Answer> {
  const { createSocket } = await import('node:dgram')
  signal.throwIfAborted()
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4')
  try {
    return await new Promise<Answer>((resolve, reject) => {
      const giveUp = (): void => reject(signal.reason as Error)
      signal.addEventListener('abort', giveUp, { once: true })
      socket.once('close', () => signal.removeEventListener('abort', giveUp))
      socket.on('error', reject)
      socket.on('message', (bytes) => {
        const answer = accept(bytes)
        if (answer !== undefined) resolve(answer)
      })
      socket.connect(port, address, () => socket.send(query, (error) => error && reject(error)))
    })
  } finally {
    closeOnce(socket)
  }
}

function closeOnce(socket: Socket): void {
  socket.removeAllListeners('error')
  socket.on('error', () => {})
  socket.close()
}
