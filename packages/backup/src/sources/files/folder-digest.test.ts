import type { DiskStat } from '@exprsn/core/disk'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeTree } from '../../repository/index.ts'
import { folderDigest, type DigestedEntry } from './folder-digest.ts'
import type { OwnerNames } from './owner-names.ts'
import { treeNodeOf } from './tree-node-of.ts'

const stat: DiskStat = {
  ...{ kind: 'file', size: 10, mode: 0o644, userId: 1, groupId: 2, device: 3n, inode: 4n, links: 1, allocated: 10 },
  ...{ accessedAt: 5n, modifiedAt: 6n, changedAt: 7n },
}
const entry = (name: DigestedEntry['name'], changes: Partial<DiskStat> = {}): DigestedEntry => ({
  ...{ name, subtree: undefined },
  stat: { ...stat, ...changes },
})

const namesOf = (users: Record<number, string>, groups: Record<number, string> = {}): OwnerNames => ({
  user: (number) => users[number],
  group: (number) => groups[number],
})
const owners = namesOf({ 1: 'ann', 2: 'bob' }, { 1: 'staff', 2: 'web' })

describe('folderDigest', () => {
  it('differs with everything that a tree holds, and with sizes that differ by 4 GiB', () => {
    const changes: readonly Partial<DiskStat>[] = [
      ...[{ kind: 'symlink' as const }, { mode: 0o600 }, { userId: 2 }, { groupId: 1 }, { size: 10 + 2 ** 32 }],
      ...[{ device: 4n }, { inode: 5n }, { links: 2 }, { modifiedAt: 5n }, { changedAt: 8n }, { specialDevice: 1n }],
    ]
    const digests = [entry('a'), entry('b'), entry(Buffer.from([0xff])), ...changes.map((each) => entry('a', each))]
    const withTree: DigestedEntry = { ...entry('a', { kind: 'folder' }), subtree: 'f'.repeat(64) }
    expect(new Set([...digests, withTree].map((each) => folderDigest([each], owners))).size).toBe(digests.length + 1)
  })

  it('differs for times that have the same lower 64 bits, for entries of which one takes over from the other', () => {
    const times = [-(2n ** 63n), 2n ** 63n, 2n ** 64n - 1n, -1n].flatMap((time) => [
      [entry('a', { modifiedAt: time })],
      [entry('a', { changedAt: time })],
    ])
    const lists = [[], [entry('ab')], [entry('a'), entry('b')], [entry('b'), entry('a')], ...times]
    expect(new Set(lists.map((each) => folderDigest(each, owners))).size).toBe(lists.length)
  })

  it('differs with the names of owners, of whom a tree tells, whichever entries are theirs', () => {
    const both = [entry('a'), entry('b', { userId: 7, groupId: 8 }), entry('c')]
    const digests = [
      owners,
      namesOf({ 1: 'ann', 2: 'bob' }, { 2: 'www' }),
      namesOf({ 1: 'eve', 2: 'bob' }, { 2: 'web' }),
      namesOf({ 1: 'ann', 2: 'bob', 7: 'new' }, { 2: 'web' }),
      namesOf({ 1: 'ann', 2: 'bob' }, { 2: 'web', 8: 'new' }),
    ].map((each) => folderDigest(both, each))
    expect(new Set(digests).size).toBe(digests.length)
    expect(folderDigest(both, namesOf({ 1: 'ann', 3: 'eve' }, { 2: 'web' }))).toBe(digests[0])
  })

  it('does not look at when a file was read, nor at how it lies on the disk', () => {
    expect(folderDigest([entry('a', { accessedAt: 9n, allocated: 0 })], owners)).toBe(
      folderDigest([entry('a')], owners),
    )
  })

  it('is the same for two folders only where their trees are, written out', () => {
    const either = <Value>(...values: Value[]) => fc.constantFrom(...values)
    const changes = fc.record({
      ...{ kind: either('file' as const, 'symlink' as const), mode: either(0o644, 0o4644), size: either(0, 2 ** 32) },
      ...{
        userId: either(1, 2, 3),
        groupId: either(1, 2, 3),
        links: either(1, 2),
        inode: either(4n, 2n ** 64n - 2n, 2n ** 64n - 1n),
      },
      ...{ modifiedAt: either(6n, 6n + 2n ** 64n), changedAt: either(7n, -1n) },
    })
    const folder = fc
      .array(changes, { maxLength: 3 })
      .map((all) => all.map((each, place) => entry(['a', 'b', 'c'][place]!, each)))
    const written = (entries: readonly DigestedEntry[]): string =>
      Buffer.from(encodeTree(entries.map((each) => treeNodeOf(each.name, each.stat, owners, {})))).toString()
    fc.assert(
      fc.property(folder, folder, (one, other) => {
        const isSame = folderDigest(one, owners) === folderDigest(other, owners)
        expect(isSame).toBe(written(one) === written(other))
      }),
      { numRuns: 500 },
    )
  })

  it('covers every entry of a large folder, in their order', () => {
    const many = Array.from({ length: 25_000 }, (_, number) => entry(`name ${number}`, { inode: BigInt(number) }))
    const digest = folderDigest(many, owners)
    expect(folderDigest(many, owners)).toBe(digest)
    for (const place of [0, 9_999, 10_000, 24_999])
      expect(folderDigest(many.with(place, entry('other')), owners), String(place)).not.toBe(digest)
    expect(folderDigest(many.toReversed(), owners)).not.toBe(digest)
    expect(folderDigest(many.slice(0, 20_000), owners)).not.toBe(digest)
  })
})
