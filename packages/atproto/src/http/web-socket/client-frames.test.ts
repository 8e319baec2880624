import { randomBelow } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ClientFrames, FrameFault, type ClientMessage } from './client-frames.ts'

const [continuation, text, binary, close, ping, pong] = [0, 1, 2, 8, 9, 10] as const
const last = 0x80

/** A frame as a client sends it: masked. */
function frame(opcode: number, payload: string, isLast = true): Buffer {
  const bytes = Buffer.from(payload)
  const mask = Buffer.from([1, 2, 3, 4])
  const length =
    bytes.length < 126
      ? Buffer.from([last | bytes.length])
      : Buffer.from([last | 126, bytes.length >> 8, bytes.length & 255])
  const masked = bytes.map((byte, index) => byte ^ mask[index % 4]!)
  return Buffer.concat([Buffer.from([(isLast ? last : 0) | opcode]), length, mask, masked])
}

function read(frames: ClientFrames, ...chunks: readonly Uint8Array[]): ClientMessage[] {
  return chunks.flatMap((chunk) => [...frames.read(chunk)])
}

function statusOf(work: () => unknown): number | undefined {
  try {
    work()
  } catch (error) {
    if (error instanceof FrameFault) return error.status
    throw error
  }
  return undefined
}

describe('frames of a client', () => {
  it('become the messages that were sent, however they are cut into parts and chunks', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 300 }), { maxLength: 8 }),
        fc.nat(),
        (texts, seed) => {
          const random = new SeededRandom(seed)
          const sent = Buffer.concat(texts.flatMap((message) => partsOf(message, random)))
          const chunks = []
          for (let at = 0; at < sent.length;) {
            const next = at + 1 + randomBelow(random, 40)
            chunks.push(sent.subarray(at, next))
            at = next
          }
          const messages = read(new ClientFrames(65_536), ...chunks)
          expect(messages.filter(({ kind }) => kind === 'text')).toEqual(
            texts.map((message) => ({ kind: 'text', text: message })),
          )
        },
      ),
    )
  })

  it('may be empty any number of times: nothing of them is kept, and they take no time', () => {
    const frames = new ClientFrames(10)
    expect(read(frames, frame(text, 'ab', false))).toEqual([])
    const empty = Buffer.concat(Array.from({ length: 1_000 }, () => frame(continuation, '', false)))
    for (let round = 0; round < 100; round++) expect(read(frames, empty)).toEqual([])
    expect(read(frames, frame(continuation, 'cd'))).toEqual([{ kind: 'text', text: 'abcd' }])
    expect(read(frames, frame(text, '', false), frame(continuation, ''))).toEqual([{ kind: 'text', text: '' }])
  })

  it('are limited as a whole message, and each message for itself', () => {
    const frames = new ClientFrames(4)
    expect(read(frames, frame(text, 'abcd'), frame(text, 'ab', false), frame(continuation, 'cd'))).toHaveLength(2)
    expect(statusOf(() => read(frames, frame(text, 'abc', false), frame(continuation, 'de')))).toBe(1009)
    expect(statusOf(() => read(new ClientFrames(4), frame(text, 'abcde')))).toBe(1009)
    expect(statusOf(() => read(new ClientFrames(4), frame(ping, 'abcde')))).toBeUndefined()
  })

  it('control the connection between the parts of a message', () => {
    const frames = new ClientFrames(100)
    const messages = read(
      frames,
      frame(text, 'a', false),
      frame(ping, 'p'),
      frame(pong, ''),
      frame(continuation, 'b'),
      frame(close, ''),
    )
    expect(messages.map(({ kind }) => kind)).toEqual(['ping', 'pong', 'text', 'close'])
    expect(read(frames, frame(binary, 'bytes'))).toEqual([])
  })

  it.each([
    ['a part of nothing', () => [frame(continuation, 'a')]],
    ['a message within a message', () => [frame(text, 'a', false), frame(text, 'b')]],
    ['an unknown kind', () => [frame(3, 'a')]],
    ['a control frame in parts', () => [frame(ping, 'a', false)]],
    ['a control frame that is long', () => [frame(ping, 'a'.repeat(126))]],
    ['a frame that is not masked', () => [Buffer.from([last | text, 1, 97])]],
    ['an extension that nobody asked for', () => [Buffer.from([last | 0x40 | text, last, 0, 0, 0, 0])]],
  ])('end the conversation: %s', (_, sent) => {
    expect(statusOf(() => read(new ClientFrames(1_000), ...sent()))).toBe(1002)
  })
})

/** A message in frames, some of them empty, with a sign of life between them. */
function partsOf(message: string, random: SeededRandom): Buffer[] {
  const bytes = Array.from(message)
  const frames: Buffer[] = []
  let opcode = text as number
  while (bytes.length > 0 && randomBelow(random, 3) > 0) {
    frames.push(frame(opcode, bytes.splice(0, randomBelow(random, 50)).join(''), false), frame(ping, 'p'))
    opcode = continuation
  }
  return [...frames, frame(opcode, bytes.join(''))]
}
