import type { Clock } from '../../clock/clock.ts'
import type { ActiveRun } from './active-run.ts'

/** How long a run whose signal was aborted may take to notice. */
const noticePeriod = 1_000

/** Waits for runs until a time on the monotonic clock, then asks them to end, then leaves them. */
export async function drainRuns(runs: ReadonlySet<ActiveRun>, clock: Clock, until: number): Promise<void> {
  if (await endWithin(runs, clock, until - clock.monotonic())) return
  for (const run of runs) run.release()
  if (await endWithin(runs, clock, noticePeriod)) return
  for (const run of runs) run.abandon()
}

async function endWithin(runs: ReadonlySet<ActiveRun>, clock: Clock, wait: number): Promise<boolean> {
  if (runs.size === 0) return true
  const ended = Promise.all([...runs].map((run) => run.ended)).then(() => true)
  let stop = (): void => {}
  const late = new Promise<boolean>((resolve) => {
    const timer = clock.setTimer(() => resolve(false), Math.max(0, wait))
    stop = () => timer.cancel()
  })
  try {
    return await Promise.race([ended, late])
  } finally {
    stop()
  }
}
