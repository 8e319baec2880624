import type { DiskStat } from '@exprsn/core/disk'
import { describe, expect, it } from 'vitest'
import { folderDigest, type DigestedEntry } from './folder-digest.ts'

const stat: DiskStat = {
  ...{ kind: 'file', size: 10, mode: 0o644, userId: 1, groupId: 2, device: 3n, inode: 4n, links: 1, allocated: 10 },
  ...{ accessedAt: 5n, modifiedAt: 6n, changedAt: 7n },
}
const entry = (name: DigestedEntry['name'], changes: Partial<DiskStat> = {}): DigestedEntry => ({
  ...{ name, subtree: undefined },
  stat: { ...stat, ...changes },
})

describe('folderDigest', () => {
  it('differs with everything that a tree holds, and with sizes that differ by 4 GiB', () => {
    const changes: readonly Partial<DiskStat>[] = [
      ...[{ kind: 'symlink' as const }, { mode: 0o600 }, { userId: 2 }, { groupId: 1 }, { size: 10 + 2 ** 32 }],
      ...[{ device: 4n }, { inode: 5n }, { links: 2 }, { modifiedAt: 5n }, { changedAt: 8n }, { specialDevice: 1n }],
    ]
    const digests = [entry('a'), entry('b'), entry(Buffer.from([0xff])), ...changes.map((each) => entry('a', each))]
    const withTree: DigestedEntry = { ...entry('a', { kind: 'folder' }), subtree: 'f'.repeat(64) }
    expect(new Set([...digests, withTree].map((each) => folderDigest([each]))).size).toBe(digests.length + 1)
  })

  it('does not look at when a file was read, nor at how it lies on the disk', () => {
    expect(folderDigest([entry('a', { accessedAt: 9n, allocated: 0 })])).toBe(folderDigest([entry('a')]))
  })

  it('covers every entry of a large folder, in their order', () => {
    const many = Array.from({ length: 25_000 }, (_, number) => entry(`name ${number}`, { inode: BigInt(number) }))
    const digest = folderDigest(many)
    expect(folderDigest(many)).toBe(digest)
    for (const place of [0, 9_999, 10_000, 24_999])
      expect(folderDigest(many.with(place, entry('other'))), String(place)).not.toBe(digest)
    expect(folderDigest(many.toReversed())).not.toBe(digest)
    expect(folderDigest(many.slice(0, 20_000))).not.toBe(digest)
  })
})
