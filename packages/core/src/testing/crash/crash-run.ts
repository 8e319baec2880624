import { settle } from '../clock/settle.ts'
import { SimulatedClock } from '../clock/simulated-clock.ts'
import type { DiskOperation, Intercept } from '../disk/operation.ts'
import { createSimulatedDisk, type SimulatedDisk } from '../disk/simulated-disk.ts'
import { testingErrors } from '../errors.ts'
import { SeededRandom } from '../random/seeded-random.ts'
import { faultAt, type CrashPoint } from './crash-point.ts'
import type { CrashWorkload } from './crash-workload.ts'

/** How the disks of a run behave. */
export interface CrashRunOptions {
  readonly seed: number | string
  readonly tearSectors: boolean
}

/** A run that has ended: of itself, or by a crash. */
export interface CrashRun<Acknowledgement> {
  readonly disk: SimulatedDisk
  readonly operations: readonly DiskOperation[]
  readonly acknowledged: readonly Acknowledgement[]
}

/** Runs the work, up to a crash point if there is one. What the work throws on a disk that runs is thrown on. */
export async function runToCrash<Recovered, Acknowledgement>(
  workload: CrashWorkload<Recovered, Acknowledgement>,
  { seed, tearSectors }: CrashRunOptions,
  point?: CrashPoint,
): Promise<CrashRun<Acknowledgement>> {
  const random = new SeededRandom(seed)
  const clock = new SimulatedClock()
  const operations: DiskOperation[] = []
  const acknowledged: Acknowledgement[] = []
  const disk = await preparedDisk(workload, clock, random, tearSectors, (operation) => {
    if (operation.changes) operations.push(operation)
    if (point === undefined) return undefined
    checkSame(point, operation, seed)
    return faultAt(point, operation)
  })
  const acknowledge = (what: Acknowledgement): void => {
    if (!disk.crashed) acknowledged.push(what)
  }
  try {
    await settle(clock, workload.run({ disk, clock, random: random.fork('workload'), acknowledge }))
  } catch (thrown) {
    if (!disk.crashed) throw thrown
  }
  if (point?.operation && !disk.crashed) throw notSame(seed, point.operation, undefined)
  return { disk, operations, acknowledged }
}

/** Recovers on a disk that may crash meanwhile. */
export async function recoverUpTo<Recovered>(
  recover: (disk: SimulatedDisk) => Promise<Recovered>,
  disk: SimulatedDisk,
): Promise<void> {
  try {
    await recover(disk)
  } catch (thrown) {
    if (!disk.crashed) throw thrown
  }
}

async function preparedDisk(
  workload: Pick<CrashWorkload<never, never>, 'prepare'>,
  clock: SimulatedClock,
  random: SeededRandom,
  tearSectors: boolean,
  intercept: Intercept,
): Promise<SimulatedDisk> {
  let prepared = false
  const disk = createSimulatedDisk({
    clock,
    tearSectors,
    random: random.fork('disk'),
    intercept: (operation) => (prepared ? intercept(operation) : undefined),
  })
  await workload.prepare?.(disk)
  disk.makeDurable()
  prepared = true
  return disk
}

function checkSame({ operation: expected }: CrashPoint, seen: DiskOperation, seed: number | string): void {
  if (expected === undefined || !seen.changes || seen.index !== expected.index) return
  if (seen.name !== expected.name || seen.path !== expected.path || seen.size !== expected.size)
    throw notSame(seed, expected, seen)
}

function notSame(seed: number | string, expected: DiskOperation, seen: DiskOperation | undefined): Error {
  const show = (operation: DiskOperation | undefined): string =>
    operation ? `${operation.name} ${operation.path}` : 'nothing'
  return testingErrors.CORE_TESTING_NOT_DETERMINISTIC({
    seed,
    index: expected.index,
    expected: show(expected),
    seen: show(seen),
  })
}
