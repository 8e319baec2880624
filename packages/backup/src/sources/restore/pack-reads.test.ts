import { describe, expect, it } from 'vitest'
import type { BlobReader, LocatedBlob } from '../../repository/index.ts'
import { planReads } from './pack-reads.ts'

const blob = (id: string, pack: string, offset: number, length = 132): LocatedBlob => ({
  type: 'data',
  id,
  pack,
  offset,
  length,
})

/** All that planning asks of a reader: where blobs lie. */
function readerOf(blobs: readonly LocatedBlob[]): BlobReader {
  const byId = new Map(blobs.map((each) => [each.id, each]))
  return { locate: (_type: string, id: string) => byId.get(id) } as unknown as BlobReader
}

const files = (...contents: readonly string[]) => contents.map((ids) => ({ content: ids.split('') }))

describe('planReads', () => {
  it('reads neighbours at once, in the order in which they lie', () => {
    const reader = readerOf([blob('a', 'p', 0), blob('b', 'p', 132), blob('c', 'p', 264)])
    const reads = planReads(reader, files('cb', 'a'))
    expect(reads).toMatchObject([{ pack: 'p', start: 0, end: 396 }])
    expect(reads[0]!.blobs.map(({ blob: { id } }) => id)).toEqual(['a', 'b', 'c'])
  })

  it('reads a blob once for all places it goes to, at the right positions', () => {
    const reader = readerOf([blob('a', 'p', 0), { ...blob('b', 'p', 132), uncompressedLength: 1_000 }])
    const [read] = planReads(reader, files('aba', 'b'))
    expect(read!.blobs.map(({ targets }) => targets)).toEqual([
      [
        { file: 0, position: 0 },
        { file: 0, position: 1_100 },
      ],
      [
        { file: 0, position: 100 },
        { file: 1, position: 0 },
      ],
    ])
  })

  it('does not read far across what nobody wants, nor too much at once', () => {
    const far = 10 * 1_024 * 1_024
    const reader = readerOf([blob('a', 'p', 0), blob('b', 'p', far), blob('c', 'q', 0)])
    expect(planReads(reader, files('abc')).map(({ pack, start, end }) => [pack, start, end])).toEqual([
      ['p', 0, 132],
      ['p', far, far + 132],
      ['q', 0, 132],
    ])
    const large = 20 * 1_024 * 1_024
    const two = readerOf([blob('a', 'p', 0, large), blob('b', 'p', large, large)])
    expect(planReads(two, files('ab'))).toHaveLength(2)
  })

  it('says which blob is missing before anything is written', () => {
    expect(() => planReads(readerOf([]), files('a'))).toThrow(expect.objectContaining({ code: 'BACKUP_BLOB_MISSING' }))
  })
})
