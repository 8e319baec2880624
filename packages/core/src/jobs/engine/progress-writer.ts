import type { Lease } from '../backend.ts'
import { jobErrors } from '../errors.ts'
import type { JobProgress } from '../job.ts'
import type { WorkerSettings } from './settings.ts'

const interval = 1_000

/** Stores the first progress at once and later ones about once a second, never two at a time. */
export function progressWriter(lease: Lease, { backend, clock, logger }: WorkerSettings) {
  let latest: JobProgress | undefined
  let writing = false
  let nextAt = Number.NEGATIVE_INFINITY

  async function write(): Promise<void> {
    writing = true
    while (latest !== undefined && clock.monotonic() >= nextAt) {
      const progress = latest
      latest = undefined
      nextAt = clock.monotonic() + interval
      try {
        await backend.progress(lease, progress)
      } catch (error) {
        logger.debug({ err: error, jobId: lease.id }, 'progress could not be stored')
      }
    }
    writing = false
  }

  return (done: number, total?: number): void => {
    for (const value of [done, total ?? 0])
      if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
        throw jobErrors.CORE_JOBS_OPTION_INVALID({ option: 'progress', value })
    latest = { done, total }
    if (!writing && clock.monotonic() >= nextAt) void write()
  }
}
