import { describe, expect, it } from 'vitest'
import type { Snapshot, TreeNode } from '../repository/index.ts'
import { formatPostgresTime } from '../replication/postgres-time.ts'
import { segmentName } from '../wal/segment.ts'
import { emptyArchive, type ArchivedSegment, type WalArchive } from './archive/wal-archive.ts'
import { chainOf } from './restore/restore-to-point.ts'
import { neededSegments } from './restore/stage-wal.ts'
import { describeWindows, reachOf, recoverableWindows, type KnownBackup } from './windows.ts'

const size = 1 << 20
const node = {} as TreeNode
const segmentAt = (index: number, change: Partial<ArchivedSegment> = {}): ArchivedSegment => {
  const start = BigInt(index * size)
  const timeline = change.timeline ?? 1
  const end = start + BigInt(size)
  return {
    name: segmentName({ timeline, start }, size),
    timeline,
    start,
    partial: false,
    node,
    end,
    lastCommit: BigInt(index),
    ...change,
  }
}
const archiveOf = (
  segments: readonly ArchivedSegment[],
  histories: WalArchive['histories'] = new Map(),
): WalArchive => ({
  ...emptyArchive,
  cluster: { systemIdentifier: 7n, segmentSize: size },
  segments: new Map(segments.map((segment) => [segment.name.slice(0, 24), segment])),
  histories,
})
const backupAt = (index: number, change: Partial<KnownBackup['facts']> = {}): KnownBackup => ({
  snapshot: { id: `s${index}`, tree: `t${index}` } as Snapshot,
  facts: {
    ...{
      systemIdentifier: 7n,
      timeline: 1,
      serverVersion: 180_000,
      segmentSize: size,
      extensions: [],
      locales: [],
      bytes: 0,
    },
    ...{ startLsn: BigInt(index * size + 40), endLsn: BigInt(index * size + 400), stoppedAt: BigInt(index) },
    ...change,
  },
})
const line = (...indexes: number[]): ArchivedSegment[] => indexes.map((index) => segmentAt(index))

describe('recoverableWindows', () => {
  it('joins backups whose log ends at the same place', () => {
    const windows = recoverableWindows([backupAt(3), backupAt(1)], archiveOf(line(1, 2, 3, 4)))
    expect(windows).toEqual([
      {
        timeline: 1,
        from: { lsn: BigInt(size + 400), time: formatPostgresTime(1n) },
        to: { lsn: BigInt(5 * size), time: formatPostgresTime(4n) },
        snapshots: ['s1', 's3'],
        gap: undefined,
      },
    ])
    expect(describeWindows(windows)).toContain(formatPostgresTime(4n))
    expect(describeWindows([])).toBe('nothing')
  })

  it('ends a window at a gap, names it, and begins the next one behind it', () => {
    const windows = recoverableWindows([backupAt(1), backupAt(4)], archiveOf(line(1, 2, 4, 5)))
    expect(windows.map(({ to, snapshots, gap }) => [to.lsn, snapshots, gap])).toEqual([
      [BigInt(3 * size), ['s1'], 'WAL from 0/300000 to 0/400000 is missing'],
      [BigInt(6 * size), ['s4'], undefined],
    ])
  })

  it('names a gap behind a segment of which a part has come', () => {
    const part = segmentAt(2, { partial: true, end: BigInt(2 * size + 256) })
    const [window] = recoverableWindows([backupAt(1)], archiveOf([segmentAt(1), part, segmentAt(5)]))
    expect(window).toMatchObject({
      to: { lsn: BigInt(2 * size + 256) },
      gap: 'WAL from 0/200100 to 0/500000 is missing',
    })
  })

  it.each<[string, KnownBackup, ArchivedSegment[]]>([
    ['lacks the WAL of its beginning', backupAt(1), line(2, 3)],
    ['lacks the WAL of its end', backupAt(1), [segmentAt(1, { partial: true, end: BigInt(size + 399) })]],
    ['is of another cluster', backupAt(1, { systemIdentifier: 8n }), line(1, 2)],
    ['has no WAL at all', backupAt(1), []],
  ])('does not count a backup that %s', (_, backup, segments) => {
    expect(recoverableWindows([backup], archiveOf(segments))).toEqual([])
  })

  it('reaches to the end of what has come of a segment', () => {
    const last = segmentAt(2, { partial: true, end: BigInt(2 * size + 5_000), lastCommit: 99n })
    const [window] = recoverableWindows([backupAt(1)], archiveOf([segmentAt(1), last]))
    expect(window!.to).toEqual({ lsn: BigInt(2 * size + 5_000), time: formatPostgresTime(99n) })
  })

  it('follows to a new timeline, and stays on the old one where the new one is broken', () => {
    const switches = [{ timeline: 1, leftAt: BigInt(2 * size + 64), reason: '' }]
    const histories = new Map([[2, { node, switches }]])
    const ahead = [segmentAt(2, { timeline: 2 }), segmentAt(3, { timeline: 2 })]
    const [followed] = recoverableWindows([backupAt(1)], archiveOf([...line(1, 2), ...ahead], histories))
    expect(followed).toMatchObject({ timeline: 2, to: { lsn: BigInt(4 * size) } })
    const [stayed] = recoverableWindows([backupAt(1)], archiveOf([...line(1, 2), ahead[1]!], histories))
    expect(stayed).toMatchObject({ timeline: 1, to: { lsn: BigInt(3 * size) } })
  })
})

describe('neededSegments', () => {
  const reach = reachOf(backupAt(1), archiveOf(line(1, 2, 3, 4, 5, 6)))!
  const needed = (...[target]: Parameters<typeof neededSegments> extends [unknown, infer Target] ? [Target] : never) =>
    neededSegments(reach, target).map(({ lastCommit }) => Number(lastCommit))

  it('goes on to the segment that shows that the target has passed, and one further', () => {
    expect(needed({ kind: 'time', time: 2n })).toEqual([1, 2, 3, 4])
    expect(needed({ kind: 'immediate' })).toEqual([1, 2])
    expect(needed({ kind: 'lsn', lsn: BigInt(2 * size + 5), inclusive: true })).toEqual([1, 2, 3, 4])
    expect(needed({ kind: 'latest' })).toEqual([1, 2, 3, 4, 5, 6])
    expect(needed({ kind: 'xid', xid: 700 })).toEqual([1, 2, 3, 4, 5, 6])
    expect(needed({ kind: 'time', time: 6n })).toEqual([1, 2, 3, 4, 5, 6])
  })
})

describe('chainOf', () => {
  const backups = [backupAt(1), backupAt(2, { parentTree: 't1' }), backupAt(3, { parentTree: 't2' })]

  it('leads from a backup to the full one', () => {
    expect(chainOf(backups[2]!, backups).map(({ snapshot }) => snapshot.id)).toEqual(['s3', 's2', 's1'])
    expect(chainOf(backups[0]!, backups)).toHaveLength(1)
  })

  it('says which link is missing, and does not go round in circles', () => {
    expect(() => chainOf(backups[2]!, [backups[2]!, backups[0]!])).toThrow('t2')
    const turning = backupAt(4, { parentTree: 't4' })
    expect(() => chainOf(turning, [turning])).toThrow(expect.objectContaining({ code: 'BACKUP_POSTGRES_CHAIN_BROKEN' }))
  })
})
