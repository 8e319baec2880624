import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { patternOf, streamOf } from '../../testing/storage-conformance/expect.ts'
import { partsOf } from './parts.ts'

describe('partsOf', () => {
  it('regroups any chunks into full parts and a rest, in order', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 200_000 }), { maxLength: 12 })
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 1_000, max: 150_000 }), async (lengths, size) => {
        const content = patternOf(lengths.reduce((sum, length) => sum + length, 0))
        let position = 0
        const chunks = lengths.map((length) => content.subarray(position, (position += length)))
        const parts: Uint8Array[] = []
        for await (const part of partsOf(streamOf(...chunks), size)) parts.push(part)
        expect(Buffer.concat(parts).equals(content)).toBe(true)
        expect(parts.slice(0, -1).every((part) => part.length === size)).toBe(true)
        expect(parts.every((part) => part.length > 0 && part.length <= size)).toBe(true)
      }),
      { numRuns: 200 },
    )
  })

  it('copies, because producers reuse their chunks', async () => {
    const shared = new Uint8Array(10)
    const chunks = (async function* () {
      yield shared.fill(1)
      yield shared.fill(2)
    })()
    const parts: Uint8Array[] = []
    for await (const part of partsOf(chunks, 10)) parts.push(part)
    expect(parts.map((part) => part[0])).toEqual([1, 2])
  })
})
