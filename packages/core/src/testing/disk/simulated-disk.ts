import type { Clock } from '../../clock/clock.ts'
import type { Disk, DiskPath } from '../../disk/disk.ts'
import { randomBelow } from '../../random/draw.ts'
import type { Random } from '../../random/random.ts'
import { SimulatedClock } from '../clock/simulated-clock.ts'
import { SeededRandom } from '../random/seeded-random.ts'
import { flipBit } from './flip-bit.ts'
import type { Intercept } from './operation.ts'
import { survivingTree } from './surviving-tree.ts'
import { Volume } from './volume.ts'
import { volumeDisk } from './volume-disk.ts'

/** Options of {@link createSimulatedDisk}. */
export interface SimulatedDiskOptions {
  /** Where the seed of a crash and the place of bit rot come from. @default new SeededRandom(1) */
  readonly random?: Random | undefined
  /** Where the times of files come from. @default new SimulatedClock() */
  readonly clock?: Clock | undefined
  /** Bytes of file content that fit. @default 2 ** 40 */
  readonly capacity?: number | undefined
  /** Sees every call before it happens, and may make it fail or stop the machine. @default nothing befalls a call */
  readonly intercept?: Intercept | undefined
  /**
   * Whether a crash may tear a write inside a sector of 512 bytes. Turn it off for formats that trust the promise of
   * disks to write whole sectors. @default true
   */
  readonly tearSectors?: boolean | undefined
}

/** Options of {@link SimulatedDisk.crash}. */
export interface CrashOptions {
  /** Decides what survives: the same seed on the same state leaves the same. @default a number from the disk's random */
  readonly seed?: number | string | undefined
  /** Sees the calls of the disk that is returned. @default nothing befalls a call */
  readonly intercept?: Intercept | undefined
}

/** A {@link Disk} in memory that can lose its power. */
export interface SimulatedDisk extends Disk {
  /** Calls so far that change something. */
  readonly changes: number
  /** Whether the power is gone: then every call throws `CORE_DISK_CRASHED`. */
  readonly crashed: boolean
  /**
   * Cuts the power, if that has not happened, and returns what the machine finds when it starts again: a new disk, with
   * all that was synced and any part of what was not. Locks are free. May be called again with another seed.
   */
  crash(options?: CrashOptions): SimulatedDisk
  /** Makes all content and all names durable, as if the machine had been shut down in good order: for preparations. */
  makeDurable(): void
  /** Changes how much fits; less than is used already leaves no room. */
  setCapacity(bytes: number): void
  /**
   * Bit rot: turns one bit of a file over, in memory and on the platter. Returns the bit that was turned.
   *
   * `bit` is its index from the start of the file. @default one by chance
   */
  flipBit(path: DiskPath, bit?: number): number
}

const tebibyte = 2 ** 40

/**
 * A disk in memory with the durability that POSIX promises, and no more: content is durable after `fsync` or
 * `fdatasync`, names are durable after `fsyncFolder` of their folder. A crash keeps, tears, reorders or drops anything
 * else. Permission bits are kept but not enforced; a relative path begins at the root.
 *
 * @example
 * ```ts
 * import { exists } from '@exprsn/core/disk'
 * import { createSimulatedDisk } from '@exprsn/core/testing'
 *
 * const disk = createSimulatedDisk()
 * const file = await disk.open('/state', 'create')
 * await file.write(Buffer.from('written, not synced'), 0)
 * const outcomes = new Set<boolean>()
 * for (let seed = 0; seed < 20; seed++) outcomes.add(await exists(disk.crash({ seed }), '/state'))
 * console.log(outcomes.size) // 2: the name may survive or not
 * ```
 */
export function createSimulatedDisk(options: SimulatedDiskOptions = {}): SimulatedDisk {
  const { clock = new SimulatedClock(), capacity = tebibyte, intercept = () => undefined } = options
  return poweredDisk(new Volume({ clock, capacity, intercept }), {
    random: options.random ?? new SeededRandom(1),
    tearSectors: options.tearSectors ?? true,
  })
}

interface Settings {
  readonly random: Random
  readonly tearSectors: boolean
}

function poweredDisk(volume: Volume, settings: Settings): SimulatedDisk {
  return {
    ...volumeDisk(volume),
    get changes() {
      return volume.gate.changes
    },
    get crashed() {
      return volume.gate.crashed
    },
    crash({ seed = settings.random.uint32(), intercept = () => undefined } = {}) {
      volume.gate.crash()
      const { clock, capacity, root, journal } = volume
      const survivor = survivingTree(root, journal.pending, new SeededRandom(seed), settings)
      return poweredDisk(new Volume({ clock, capacity, intercept, root: survivor }), settings)
    },
    makeDurable: () => volume.makeDurable(),
    setCapacity(bytes) {
      volume.capacity = bytes
    },
    flipBit: (path, bit) => flipBit(volume, path, bit ?? ((bits) => randomBelow(settings.random, bits))),
  }
}
