import { describe, expect, it } from 'vitest'
import type { EncodedBlock } from './block-builder.ts'
import { BlockMemory } from './block-memory.ts'

/** A block whose parts and tokens have so many bytes each, all of them this. */
function blockOf(byte: number, ...lengths: readonly number[]): EncodedBlock {
  const layout = { column: 0, encoding: 'text', count: 1, offset: 0, length: 0, size: 0 } as const
  return {
    layout: { rows: 1, minTime: 0, maxTime: 0, minSequence: 0, maxSequence: 0, parts: [] },
    parts: lengths.map((length) => ({ layout, bytes: new Uint8Array(length).fill(byte) })),
    tokens: {
      rows: 1,
      names: Buffer.alloc(7, byte),
      counts: Uint16Array.of(byte, 2, 3),
      postings: Buffer.alloc(0),
      offsets: Uint32Array.of(0, byte),
      singles: Uint32Array.of(byte),
    },
  }
}

function valuesOf({ parts, tokens }: EncodedBlock) {
  const { names, counts, postings, offsets, singles } = tokens
  return [...parts.map(({ bytes }) => bytes), names, counts, postings, offsets, singles]
}

function contentOf(block: EncodedBlock): string[] {
  return valuesOf(block).map((values) =>
    Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('latin1'),
  )
}

const sizes = [[3, 70_000, 0, 5], [400_000, 600_000, 600_000], [1], [2 ** 20, 2 ** 20 + 1]]
const blocks = () => sizes.map((lengths, index) => blockOf(index + 1, ...lengths))

describe('memory of blocks', () => {
  it('keeps them as they were, and takes no more than once', () => {
    const memory = new BlockMemory()
    const given = blocks()
    const kept = given.map((block) => memory.keep(block))
    expect(kept.map(contentOf)).toEqual(blocks().map(contentOf))
    expect(given[1]!.parts.map(({ bytes }) => bytes.length)).toEqual([0, 0, 0])
  })

  it('is used again', () => {
    const memory = new BlockMemory()
    const first = blocks().map((block) => memory.keep(block))
    memory.clear()
    const second = blocks().map((block) => memory.keep(block))
    expect(second.map(contentOf)).toEqual(blocks().map(contentOf))
    for (const [index, { parts }] of second.slice(0, 3).entries())
      for (const [part, { bytes }] of parts.entries())
        if (bytes.length > 0) expect(bytes.buffer === first[index]!.parts[part]!.bytes.buffer).toBe(true)
  })

  it('is given back', () => {
    const memory = new BlockMemory()
    const kept = memory.keep(blockOf(1, 10, 20_000))
    memory.giveBack()
    expect(valuesOf(kept).map(({ length }) => length)).toEqual([0, 0, 0, 0, 0, 0, 0])
    expect(contentOf(memory.keep(blockOf(2, 9)))).toEqual(contentOf(blockOf(2, 9)))
  })
})
