import type { BigIntStats, Dirent } from 'node:fs'
import type { DiskStat, EntryKind } from '../disk.ts'

/** The unit of `st_blocks` (POSIX leaves it open; Linux and macOS use this one), in bytes. */
const blockSize = 512

/** Node's facts about a path in the port's terms. */
export function diskStat(stats: BigIntStats): DiskStat {
  return {
    kind: entryKind(stats),
    size: Number(stats.size),
    mode: Number(stats.mode & 0o7777n),
    userId: Number(stats.uid),
    groupId: Number(stats.gid),
    device: stats.dev,
    inode: stats.ino,
    links: Number(stats.nlink),
    allocated: Number(stats.blocks) * blockSize,
    accessedAt: stats.atimeNs,
    modifiedAt: stats.mtimeNs,
    changedAt: stats.ctimeNs,
    specialDevice: stats.isBlockDevice() || stats.isCharacterDevice() ? stats.rdev : undefined,
  }
}

/** What a path names, from its stat or its folder entry. */
export function entryKind(facts: Pick<Dirent<Buffer> | BigIntStats, keyof Dirent & keyof BigIntStats>): EntryKind {
  if (facts.isFile()) return 'file'
  if (facts.isDirectory()) return 'folder'
  if (facts.isSymbolicLink()) return 'symlink'
  if (facts.isFIFO()) return 'fifo'
  if (facts.isSocket()) return 'socket'
  if (facts.isBlockDevice()) return 'block-device'
  if (facts.isCharacterDevice()) return 'character-device'
  return 'unknown'
}
