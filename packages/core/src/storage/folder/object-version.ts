import type { DiskStat } from '../../disk/disk.ts'

/**
 * The etag of a file: size, time of modification and inode. It costs one stat, so a listing needs no reading. A put
 * writes a new file and gives it a time of modification that ascends from the one it replaces, so that the etag changes
 * with every put, also where the file system reuses inodes and its clock ticks only every few milliseconds.
 */
export function folderEtag({ size, modifiedAt, inode }: DiskStat): string {
  return `${size.toString(16)}-${modifiedAt.toString(16)}-${inode.toString(16)}`
}

/**
 * What ties a sidecar to its file: size and time of modification in microseconds, which survive a copy of the folder by
 * `cp -a` or `rsync -t`, as inodes would not.
 */
export function versionName({ size, modifiedAt }: DiskStat): string {
  return `${size.toString(16)}-${(modifiedAt / 1_000n).toString(16)}`
}

/**
 * The time of modification of a new version, nanoseconds: the present to the millisecond, the rest drawn by chance so
 * that two writers in one millisecond differ, and always later than the version that is replaced.
 */
export function versionTime(nowMilliseconds: number, chance: number, replaced: DiskStat | undefined): bigint {
  const time = BigInt(Math.floor(nowMilliseconds)) * 1_000_000n + BigInt(chance % 1_000) * 1_000n
  if (replaced === undefined || time > replaced.modifiedAt) return time
  return (replaced.modifiedAt / 1_000n + 1n) * 1_000n
}

/** A stat's time of modification as a `Date`. */
export function modificationDate({ modifiedAt }: DiskStat): Date {
  return new Date(Number(modifiedAt / 1_000_000n))
}
