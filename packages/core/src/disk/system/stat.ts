import { constants, type BigIntStats, type Dirent, type Stats } from 'node:fs'
import type { DiskGlance, DiskStat, EntryKind } from '../disk.ts'

/** The unit of `st_blocks` (POSIX leaves it open; Linux and macOS use this one), in bytes. */
const blockSize = 512

/** What the upper bits of a mode say. */
const kinds = new Map<number, EntryKind>([
  [constants.S_IFREG, 'file'],
  [constants.S_IFDIR, 'folder'],
  [constants.S_IFLNK, 'symlink'],
  [constants.S_IFIFO, 'fifo'],
  [constants.S_IFSOCK, 'socket'],
  [constants.S_IFBLK, 'block-device'],
  [constants.S_IFCHR, 'character-device'],
])

/** Node's facts about a path in the port's terms. Its own questions for the kind count with objects, at every entry of a walk. */
export function diskStat(stats: BigIntStats): DiskStat {
  const mode = Number(stats.mode)
  const kind = kindOf(mode)
  return {
    kind,
    size: Number(stats.size),
    mode: mode & 0o7777,
    userId: Number(stats.uid),
    groupId: Number(stats.gid),
    device: stats.dev,
    inode: stats.ino,
    links: Number(stats.nlink),
    allocated: Number(stats.blocks) * blockSize,
    accessedAt: stats.atimeNs,
    modifiedAt: stats.mtimeNs,
    changedAt: stats.ctimeNs,
    specialDevice: isDevice(kind) ? stats.rdev : undefined,
  }
}

/** The same of facts that Node gives as numbers. */
export function diskGlance(stats: Stats): DiskGlance {
  const kind = kindOf(stats.mode)
  return {
    kind,
    size: stats.size,
    mode: stats.mode & 0o7777,
    userId: stats.uid,
    groupId: stats.gid,
    device: stats.dev,
    inode: stats.ino,
    links: stats.nlink,
    modifiedAt: stats.mtimeMs,
    changedAt: stats.ctimeMs,
    specialDevice: isDevice(kind) ? stats.rdev : undefined,
  }
}

const kindOf = (mode: number): EntryKind => kinds.get(mode & constants.S_IFMT) ?? 'unknown'

const isDevice = (kind: EntryKind): boolean => kind === 'block-device' || kind === 'character-device'

/** What a folder entry names. */
export function entryKind(facts: Pick<Dirent<Buffer>, keyof Dirent & keyof BigIntStats>): EntryKind {
  if (facts.isFile()) return 'file'
  if (facts.isDirectory()) return 'folder'
  if (facts.isSymbolicLink()) return 'symlink'
  if (facts.isFIFO()) return 'fifo'
  if (facts.isSocket()) return 'socket'
  if (facts.isBlockDevice()) return 'block-device'
  if (facts.isCharacterDevice()) return 'character-device'
  return 'unknown'
}
