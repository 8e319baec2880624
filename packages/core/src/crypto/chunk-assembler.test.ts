import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ChunkAssembler } from './chunk-assembler.ts'

function cut(pieces: readonly Uint8Array[], size: number): number[][] {
  const assembler = new ChunkAssembler(size)
  const chunks: number[][] = []
  for (const piece of pieces) for (const chunk of assembler.push(piece)) chunks.push([...chunk])
  return [...chunks, [...assembler.finish()]]
}

describe('ChunkAssembler', () => {
  it('cuts any pieces as it would cut them joined', () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 10 })
    const property = fc.property(pieces, fc.integer({ min: 1, max: 9 }), (list, size) => {
      const all = list.flatMap((piece) => [...piece])
      const expected: number[][] = []
      for (let at = 0; at < all.length; at += size) expected.push(all.slice(at, at + size))
      expect(cut(list, size)).toEqual(expected.length === 0 ? [[]] : expected)
    })
    fc.assert(property, { numRuns: 500 })
  })

  it('keeps a full chunk back until more comes', () => {
    const assembler = new ChunkAssembler(2)
    expect([...assembler.push(Uint8Array.of(1, 2))]).toEqual([])
    expect([...assembler.push(new Uint8Array())]).toEqual([])
    expect([...assembler.push(Uint8Array.of(3))]).toEqual([Uint8Array.of(1, 2)])
    expect(assembler.finish()).toEqual(Uint8Array.of(3))
  })

  it('does not copy chunks out of large pieces', () => {
    const piece = Uint8Array.of(1, 2, 3, 4, 5)
    const [first] = new ChunkAssembler(2).push(piece)
    expect(first!.buffer).toBe(piece.buffer)
  })
})
