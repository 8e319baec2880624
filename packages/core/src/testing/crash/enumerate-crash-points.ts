import { randomBelow } from '../../random/draw.ts'
import type { DiskOperation } from '../disk/operation.ts'
import type { SimulatedDisk } from '../disk/simulated-disk.ts'
import { SeededRandom } from '../random/seeded-random.ts'
import { crashPoints, describePoint } from './crash-point.ts'
import { recoverUpTo, runToCrash, type CrashRun } from './crash-run.ts'
import type { CrashWorkload } from './crash-workload.ts'

/** Options of {@link enumerateCrashPoints}. */
export interface EnumerateCrashPointsOptions {
  /** How many seeds are tried: each is a run of its own, and another luck of what survives. @default 1 */
  readonly seeds?: number | undefined
  /** The first of them; the others follow it. @default 1 */
  readonly firstSeed?: number | undefined
  /** Tries only the point of this number, to look at a violation again. @default all points */
  readonly point?: number | undefined
  /** How many surviving states are drawn for each point and seed. @default 1 */
  readonly survivors?: number | undefined
  /** Whether recovery is stopped by a second crash, at a call drawn by chance, and then done again. @default true */
  readonly crashRecovery?: boolean | undefined
  /** Whether a write may be torn inside a sector of 512 bytes. @default true */
  readonly tearSectors?: boolean | undefined
  /** Ends the search at the first violation: enough to see that a mistake is found. @default false */
  readonly stopAtFirst?: boolean | undefined
  /** Ends the search early: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined
  /** Told after every crash point. */
  readonly onProgress?: ((progress: CrashProgress) => void) | undefined
}

/** How far the search is: points tried, of how many, for the seed of this number. */
export interface CrashProgress {
  readonly seed: number
  readonly done: number
  readonly total: number
}

/** A crash after which something was not as it must be. */
export interface CrashViolation {
  readonly seed: number
  /** The number of the point: together with the seed it repeats the crash. */
  readonly point: number
  /** Which of the surviving states it was. */
  readonly survivor: number
  /** For people: `before fsync of /wal (operation 12)`. */
  readonly moment: string
  readonly operation: DiskOperation | undefined
  /** Whether it took a second crash, during recovery. */
  readonly duringRecovery: boolean
  /** What `recover` or `check` threw. */
  readonly error: unknown
}

/** What the search found. */
export interface CrashReport {
  /** Crashes tried, second ones not counted. */
  readonly points: number
  /** Second crashes tried. */
  readonly recoveryCrashes: number
  readonly violations: readonly CrashViolation[]
}

/**
 * Cuts the power at every moment of a piece of work, starts again on what is left, and checks.
 *
 * The work runs once to see its calls; then once for every point (before each call that changes something, halfway
 * through each write, at the end) up to the crash. Everything follows from the seed: a violation names the seed and the
 * point, and `{ firstSeed: seed, seeds: 1, point }` repeats it.
 *
 * @throws `CORE_TESTING_NOT_DETERMINISTIC` when a run with the same seed does something else, and what the work throws
 *   without a crash.
 * @example
 * ```ts
 * import { exists, readFile, writeFileAtomic } from '@exprsn/core/disk'
 * import { enumerateCrashPoints } from '@exprsn/core/testing'
 *
 * const report = await enumerateCrashPoints<string, string>({
 *   async run({ disk, random, acknowledge }) {
 *     for (const text of ['one', 'two']) {
 *       await writeFileAtomic(disk, '/state', Buffer.from(text), { random })
 *       acknowledge(text)
 *     }
 *   },
 *   recover: async (disk) =>
 *     (await exists(disk, '/state')) ? Buffer.from(await readFile(disk, '/state')).toString() : '',
 *   check({ recovered, acknowledged }) {
 *     const possible = ['', 'one', 'two'].slice(acknowledged.length)
 *     if (!possible.includes(recovered)) throw new Error(`found "${recovered}"`)
 *   },
 * }, { seeds: 5 })
 * console.log(report.violations.length) // 0
 * ```
 */
export async function enumerateCrashPoints<Recovered, Acknowledgement>(
  workload: CrashWorkload<Recovered, Acknowledgement>,
  options: EnumerateCrashPointsOptions = {},
): Promise<CrashReport> {
  const { seeds = 1, firstSeed = 1, survivors = 1, tearSectors = true, crashRecovery = true } = options
  const violations: CrashViolation[] = []
  let points = 0
  let recoveryCrashes = 0
  for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
    const { operations } = await runToCrash(workload, { seed, tearSectors })
    const all = crashPoints(operations)
    for (const [number, point] of all.entries()) {
      if (options.point !== undefined && options.point !== number) continue
      options.signal?.throwIfAborted()
      const run = await runToCrash(workload, { seed, tearSectors }, point)
      for (let survivor = 0; survivor < survivors; survivor++) {
        const tried = await tryCrash(workload, run, `${seed}/${number}/${survivor}`, crashRecovery)
        points++
        recoveryCrashes += tried.recoveryCrashes
        const where = { seed, point: number, survivor, moment: describePoint(point), operation: point.operation }
        violations.push(...tried.failures.map((failure) => ({ ...where, ...failure })))
        if (options.stopAtFirst === true && violations.length > 0) return { points, recoveryCrashes, violations }
      }
      options.onProgress?.({ seed, done: number + 1, total: all.length })
    }
  }
  return { points, recoveryCrashes, violations }
}

interface TriedCrash {
  readonly failures: readonly Pick<CrashViolation, 'error' | 'duringRecovery'>[]
  readonly recoveryCrashes: number
}

async function tryCrash<Recovered, Acknowledgement>(
  workload: CrashWorkload<Recovered, Acknowledgement>,
  { disk, acknowledged }: CrashRun<Acknowledgement>,
  seed: string,
  crashRecovery: boolean,
): Promise<TriedCrash> {
  const check = async (survivor: SimulatedDisk): Promise<void> => {
    const recovered = await workload.recover(survivor)
    await workload.check({ disk: survivor, recovered, acknowledged })
  }
  const survivor = disk.crash({ seed })
  const failure = await failureOf(() => check(survivor))
  if (failure) return { failures: [{ ...failure, duringRecovery: false }], recoveryCrashes: 0 }
  if (!crashRecovery || survivor.changes === 0) return { failures: [], recoveryCrashes: 0 }
  const last = randomBelow(new SeededRandom(`${seed}/recovery`), survivor.changes)
  const second = await failureOf(async () => {
    const stopped = disk.crash({
      seed,
      intercept: ({ index, changes, size }) =>
        changes && index === last ? { crash: size === undefined ? 'before' : 'halfway' } : undefined,
    })
    await recoverUpTo(workload.recover, stopped)
    await check(stopped.crash({ seed: `${seed}/second` }))
  })
  return { failures: second ? [{ ...second, duringRecovery: true }] : [], recoveryCrashes: 1 }
}

async function failureOf(attempt: () => Promise<void>): Promise<{ readonly error: unknown } | undefined> {
  try {
    await attempt()
    return undefined
  } catch (error) {
    return { error }
  }
}
