import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EventEncoder } from './event-encoder.ts'

interface Line {
  readonly bytes: Uint8Array
  readonly time: number
  readonly sequence: number
}

/** Lines that lie in one buffer with something between them, as those of a batch do. */
function batchOf(lines: readonly Line[]) {
  const all = Buffer.concat(lines.flatMap(({ bytes }) => [Buffer.from('#"'), bytes]))
  return {
    forEach(onLine: (bytes: Uint8Array, start: number, end: number, time: number, sequence: number) => void): void {
      let at = 0
      for (const { bytes, time, sequence } of lines) {
        at += 2
        onLine(all, at, (at += bytes.length), time, sequence)
      }
    },
  }
}

/** What stands in the guide. */
function expected({ bytes, time, sequence }: Line): string {
  const text = Buffer.from(bytes).toString()
  return `id: ${time}-${sequence}\ndata: ${JSON.stringify({ time, sequence, text })}\n\n`
}

function encoded(encoder: EventEncoder, lines: readonly Line[]): string {
  const pieces = encoder.encode(batchOf(lines))
  expect(pieces.reduce((sum, { count }) => sum + count, 0)).toBe(lines.length)
  return Buffer.concat(pieces.map(({ bytes }) => bytes)).toString()
}

describe('events of lines', () => {
  it('are what JSON.stringify makes of them, whatever their bytes are', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 24 }),
      fc.string({ unit: 'binary', maxLength: 24 }).map((text) => Buffer.from(text)),
      fc
        .string({ unit: fc.constantFrom('\b', '\t', '\n', '\f', '\r', '"', '\\', '\0', '\x1f', '\x7f', '/', 'ä', 'x') })
        .map((text) => Buffer.from(text)),
    )
    const line = fc.record({
      bytes,
      time: fc.oneof(fc.maxSafeInteger(), fc.constantFrom(-8.64e15, 1e21, -0)),
      sequence: fc.maxSafeNat(),
    })
    const encoder = new EventEncoder()
    fc.assert(
      fc.property(fc.array(line, { maxLength: 4 }), (lines) => {
        expect(encoded(encoder, lines)).toBe(lines.map(expected).join(''))
      }),
      { numRuns: 200, examples: [[[{ bytes: Uint8Array.of(0xef, 0xbb, 0xbf, 0x22, 0xff), time: 1, sequence: 2 }]]] },
    )
  })

  it('come in pieces that are sent at once, and a long line in one', () => {
    const lines = Array.from({ length: 3_000 }, (_, at) => ({
      bytes: Buffer.from(`{"n":${at},"msg":"${'x'.repeat(at === 1_500 ? 1_500_000 : 400)}"}`),
      time: at,
      sequence: at + 1,
    }))
    const encoder = new EventEncoder()
    const pieces = encoder.encode(batchOf(lines))
    expect(pieces.length).toBeGreaterThan(3)
    for (const { bytes, count } of pieces) expect(count === 1 || bytes.length < 2 ** 20).toBe(true)
    expect(encoded(encoder, lines)).toBe(lines.map(expected).join(''))
    // Nothing of what comes later changes what was given before.
    encoder.encode(batchOf(lines.slice(0, 10)))
    expect(Buffer.concat(pieces.map(({ bytes }) => bytes)).toString()).toBe(lines.map(expected).join(''))
    expect(encoder.encode(batchOf([]))).toEqual([])
  })
})
