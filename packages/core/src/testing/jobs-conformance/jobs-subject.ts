import assert from 'node:assert/strict'
import { sleep } from '../../clock/sleep.ts'
import type { Database } from '../../database/database.ts'
import { systemClock } from '../../clock/system-clock.ts'
import type { Clock } from '../../clock/clock.ts'
import type { Jobs } from '../../jobs/jobs.ts'
import type { JobsOptions } from '../../jobs/jobs-over.ts'
import type { JobState } from '../../jobs/job.ts'

/** A new, empty queue to try. */
export interface JobsSubject {
  /** Makes jobs over that queue: each call stands for another process of the host. The suite closes them. */
  create<Payloads>(options: JobsOptions<Payloads>): Jobs<Payloads>
  /** The database whose transactions enqueue; undefined where there is none. */
  readonly database: Database | undefined
}

/** Short times, so that the suite is quick. */
export const quick = { lease: '600ms', grace: '100ms', poll: { minimum: '5ms', maximum: '40ms' }, prefetch: 0 } as const

/** A process that stands still, as under SIGSTOP: its timers in the background never fire. */
export const stoppedClock: Clock = {
  ...systemClock,
  setTimer: (callback, wait, options) =>
    options?.background === true ? { cancel: () => {} } : systemClock.setTimer(callback, wait, options),
}

/** Waits until something holds; fails after ten seconds, saying what was waited for. */
export async function eventually(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const end = systemClock.monotonic() + 10_000
  while (!(await holds())) {
    assert.ok(systemClock.monotonic() < end, `not within 10 s: ${what}`)
    await sleep(5)
  }
}

/** Waits until a job is in a state. */
export function untilState(jobs: Pick<Jobs, 'get'>, id: string, state: JobState): Promise<void> {
  return eventually(`job ${id} is ${state}`, async () => (await jobs.get(id))?.state === state)
}

/** A promise and the function that resolves it. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open: () => open() }
}
