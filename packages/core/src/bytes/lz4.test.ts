import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromHex } from './hex.ts'
import { lz4Decompress } from './lz4.ts'

/** What `lz4 -9` (LZ4 1.9.4) made of {@link text}, its frame taken off. */
const packedByProgram =
  '8R5yb2FkIDA6IGhpZ2h3YXk9cmVzaWRlbnRpYWwgbmFtZT1MYW5kc3RyYXNzZQotABYxLQB/c2VydmljZSkABBY0KQBfdHJhY2snAAQfOX0AGh82fgAV' +
  'LzI1fwATLzM2gAAZLzQ5gAAVHzb/ABQvODGAABkfM/8AFg9/ABQvNDd/ABkvNzKAABYPfgEUD/4AGh82fwAWHzn+ARUfM/8AGh8wgAAVHzEAARQfNYAA' +
  'Gh85/gIWHzR9AxUPgAEaHzR/AhYfOYAAFB81ewQaHzh9AxYP/wEUHzL+AhofOIAAFh81/wAULzIygAAaD30EFx8x/wIUHzV9BRoP+wUWLzg2gAATHzZ9' +
  'BRsPgAEWHzN/AxQvMTh/BBoP/gIWHzP8BRQPfwEaHzf/ARYfN/8CFB83/gQbHzOAAD4P/AcaLzg1gAE9D34CGh8xfgI+HzR+AhsfNn4DOB94AQD/eFB4' +
  'eHh4eA=='
const classes = ['residential', 'service', 'track']
const text =
  Array.from({ length: 60 }, (_, n) => `road ${(n * n) % 97}: highway=${classes[n % 3]} name=Landstrasse\n`).join('') +
  'x'.repeat(400)

const asText = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

/** A sequence of the format: literals, then a copy, which the last sequence lacks. */
interface Sequence {
  readonly literals: Uint8Array
  readonly offset: number
  readonly length: number
}

/** Writes sequences as the format has them, copies longer than they are far included. */
function pack(sequences: readonly Sequence[], last: Uint8Array): Uint8Array {
  const packed: number[] = []
  const put = ({ literals }: Pick<Sequence, 'literals'>, copy: number): void => {
    packed.push((Math.min(15, literals.length) << 4) | Math.min(15, copy))
    putRest(packed, literals.length)
    packed.push(...literals)
  }
  for (const sequence of sequences) {
    put(sequence, sequence.length - 4)
    packed.push(sequence.offset & 255, sequence.offset >>> 8)
    putRest(packed, sequence.length - 4)
  }
  put({ literals: last }, 0)
  return Uint8Array.from(packed)
}

function putRest(packed: number[], length: number): void {
  if (length < 15) return
  let rest = length - 15
  for (; rest >= 255; rest -= 255) packed.push(255)
  packed.push(rest)
}

function unpackByHand(sequences: readonly Sequence[], last: Uint8Array): number[] {
  const content: number[] = []
  for (const { literals, offset, length } of sequences) {
    content.push(...literals)
    for (let index = 0; index < length; index++) content.push(content[content.length - offset]!)
  }
  return [...content, ...last]
}

describe('lz4Decompress', () => {
  it('unpacks what the lz4 program packed', () => {
    expect(asText(lz4Decompress(Buffer.from(packedByProgram, 'base64'), text.length))).toBe(text)
  })

  it('takes an empty block', () => {
    expect(lz4Decompress(Uint8Array.of(0), 0)).toHaveLength(0)
  })

  it('unpacks any sequences', () => {
    const sequence = fc.record({
      literals: fc.uint8Array({ minLength: 1, maxLength: 300 }),
      back: fc.nat(70_000),
      length: fc.integer({ min: 4, max: 600 }),
    })
    fc.assert(
      fc.property(
        fc.array(sequence, { maxLength: 12 }),
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        (drawn, last) => {
          let size = 0
          const sequences = drawn.map(({ literals, back, length }) => {
            size += literals.length
            const offset = (back % Math.min(size, 65_535)) + 1
            size += length
            return { literals, offset, length }
          })
          size += last.length
          const expected = Uint8Array.from(unpackByHand(sequences, last))
          expect(Buffer.compare(lz4Decompress(pack(sequences, last), size), expected)).toBe(0)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('refuses a block that is cut anywhere', () => {
    const packed = Buffer.from(packedByProgram, 'base64')
    for (let length = 0; length < packed.length; length++)
      expect(() => lz4Decompress(packed.subarray(0, length), text.length), `cut at ${length}`).toThrow(
        expect.objectContaining({ code: 'CORE_BYTES_COMPRESSION_INVALID' }),
      )
  })

  it.each([
    ['1361010050', 13, 'literals end early at byte 5'],
    ['f0', 20, 'a length ends early at byte 1'],
    ['1f610100', 19, 'a length ends early at byte 4'],
    ['136101', 8, 'a copy ends early at byte 2'],
    ['1361000000', 8, 'a copy from before the start at byte 2'],
    ['1361020000', 8, 'a copy from before the start at byte 2'],
    ['13610100', 8, 'it ends with a copy'],
    ['13610100' + '1062', 8, 'more than 8 bytes'],
    ['13610100' + '1062', 10, '9 bytes instead of 10'],
    ['13610100' + '1062', 4, 'more than 4 bytes'],
    ['1062', 511, '2 bytes cannot hold 511'],
  ])('refuses %s as %d bytes: %s', (hex, size, reason) => {
    expect(() => lz4Decompress(fromHex(hex), size)).toThrow(
      expect.objectContaining({ code: 'CORE_BYTES_COMPRESSION_INVALID', details: { format: 'LZ4', reason } }),
    )
  })

  it.each([-1, 0.5, NaN, Infinity])('takes no size of %d', (size) => {
    expect(() => lz4Decompress(Uint8Array.of(0), size)).toThrow(
      expect.objectContaining({ code: 'CORE_BYTES_LIMIT_INVALID' }),
    )
  })
})
