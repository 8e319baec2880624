import type { DiskGlance, DiskStat } from './disk.ts'

const second = 1_000_000_000n

/**
 * What a glance tells of a path with these facts, to the last bit.
 *
 * @example
 * ```ts
 * import { glanceOf, systemDisk } from '@exprsn/core/disk'
 *
 * const seen = systemDisk.glanceSync('/etc/hosts')
 * const { modifiedAt } = glanceOf(await systemDisk.stat('/etc/hosts'))
 * console.log(seen.modifiedAt === modifiedAt) // true, while nobody writes to it
 * ```
 */
export function glanceOf(stat: DiskStat): DiskGlance {
  const { kind, size, mode, userId, groupId, links, specialDevice } = stat
  return {
    ...{ kind, size, mode, userId, groupId, links },
    device: Number(stat.device),
    inode: Number(stat.inode),
    modifiedAt: millisecondsOf(stat.modifiedAt),
    changedAt: millisecondsOf(stat.changedAt),
    specialDevice: specialDevice === undefined ? undefined : Number(specialDevice),
  }
}

/** The system counts whole seconds and nanoseconds from there on, before 1970 as well, and Node adds up the two. */
function millisecondsOf(time: bigint): number {
  const nanoseconds = ((time % second) + second) % second
  return Number((time - nanoseconds) / second) * 1_000 + Number(nanoseconds) / 1_000_000
}
