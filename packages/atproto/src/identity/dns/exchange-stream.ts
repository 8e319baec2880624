import type { NameServer } from './exchange-datagram.ts'

/** The same over TCP, for answers that are larger than a datagram: every message follows its length (RFC 1035 §4.2.2). */
export async function exchangeStream<Answer>(
  { address, port }: NameServer,
  query: Uint8Array,
  accept: (bytes: Uint8Array) => Answer | undefined,
  signal: AbortSignal,
): Promise<Answer> {
  const { connect } = await import('node:net')
  signal.throwIfAborted()
  const socket = connect({ host: address, port })
  const giveUp = (): void => void socket.destroy(signal.reason as Error)
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    socket.write(Buffer.from([query.length >> 8, query.length & 255, ...query]))
    let received = Buffer.alloc(0)
    for await (const bytes of socket as AsyncIterable<Buffer>) {
      received = Buffer.concat([received, bytes])
      const length = received.length < 2 ? Infinity : received.readUInt16BE(0)
      if (received.length < 2 + length) continue
      const answer = accept(received.subarray(2, 2 + length))
      if (answer !== undefined) return answer
      break
    }
    throw new RangeError('the answer is cut short, or not one')
  } finally {
    signal.removeEventListener('abort', giveUp)
    socket.destroy()
  }
}
