import type { SimulatedClock } from '../clock/simulated-clock.ts'
import type { SimulatedDisk } from '../disk/simulated-disk.ts'
import type { SeededRandom } from '../random/seeded-random.ts'

/** What a workload is given. Time and chance must come from here alone, or the same seed would not do the same. */
export interface CrashContext<Acknowledgement> {
  readonly disk: SimulatedDisk
  readonly clock: SimulatedClock
  readonly random: SeededRandom
  /**
   * Tells the outside world that something is done: from here on no crash may undo it. After the crash nobody hears it
   * any more.
   */
  readonly acknowledge: (what: Acknowledgement) => void
}

/** What is looked at after a crash and a recovery. */
export interface CrashOutcome<Recovered, Acknowledgement> {
  readonly disk: SimulatedDisk
  /** What `recover` returned. */
  readonly recovered: Recovered
  /** What was acknowledged before the crash, in order. */
  readonly acknowledged: readonly Acknowledgement[]
}

/** A piece of work, how its program starts again after a crash, and what must be true then. */
export interface CrashWorkload<Recovered, Acknowledgement> {
  /** Makes what is there before the work begins; all of it is durable, and no crash happens in it. */
  readonly prepare?: ((disk: SimulatedDisk) => Promise<void>) | undefined
  /** The work. After the crash every call of its disk throws; what it throws then is expected. */
  readonly run: (context: CrashContext<Acknowledgement>) => Promise<void>
  /** Starts again on what the crash has left. It may be stopped by a second crash, and is then called again. */
  readonly recover: (disk: SimulatedDisk) => Promise<Recovered>
  /** Throws when something is not as it must be. */
  readonly check: (outcome: CrashOutcome<Recovered, Acknowledgement>) => void | Promise<void>
}
