import { sleep } from '../../clock/sleep.ts'
import { isRetryable } from '../../resilience/retryable.ts'
import type { JobOutcome } from '../backend.ts'
import type { HeldJob } from './held-job.ts'
import type { WorkerSettings } from './settings.ts'

/** Milliseconds that the first outcome waits for company: 10,000 short jobs on SQLite then take 60 commits, not 1,000. */
const linger = 1
const mostAtOnce = 1_000

interface Submission {
  readonly held: HeldJob
  readonly outcome: JobOutcome
  readonly resolve: (stored: boolean) => void
}

/**
 * Stores outcomes. What ends while a statement is on its way goes with the next one, so that a busy worker writes many
 * completions in one commit.
 */
export class Settler {
  readonly #settings: WorkerSettings
  readonly #queue: Submission[] = []
  #flushing = false

  constructor(settings: WorkerSettings) {
    this.#settings = settings
  }

  /** Resolves once the outcome is stored, with false when the lease was lost before. Never rejects. */
  submit(held: HeldJob, outcome: JobOutcome): Promise<boolean> {
    held.settling = true
    return new Promise((resolve) => {
      const submission = { held, outcome, resolve }
      // The end of an ordered job waits for a transaction that enqueues behind it: others need not wait with it.
      if (outcome.lease.orderingKey !== undefined) return void this.#store([submission])
      this.#queue.push(submission)
      if (!this.#flushing) void this.#flush()
    })
  }

  async #flush(): Promise<void> {
    this.#flushing = true
    while (this.#queue.length > 0) {
      await sleep(linger, { clock: this.#settings.clock })
      const batch = this.#queue.splice(0, mostAtOnce)
      await this.#store(batch)
    }
    this.#flushing = false
  }

  /** Repeats while the fault may pass and the leases hold. */
  async #store(batch: readonly Submission[]): Promise<void> {
    const { backend, clock, logger } = this.#settings
    let open = batch
    for (let wait = 50; open.length > 0; wait = Math.min(wait * 2, 2_000)) {
      try {
        const stored = await backend.settle(open.map(({ outcome }) => outcome))
        for (const { held, resolve } of open) resolve(stored.has(held.job.id))
        return
      } catch (error) {
        logger.warn({ err: error, jobs: open.length }, 'outcomes of jobs could not be stored')
        const now = clock.monotonic()
        const over = isRetryable(error) || isUnknown(error) ? (held: HeldJob) => held.expiresAt <= now : () => true
        for (const { held, resolve } of open) if (over(held)) resolve(false)
        open = open.filter(({ held }) => !over(held))
        if (open.length > 0) await sleep(wait, { clock })
      }
    }
  }
}

/** It may have been stored; asking again tells. */
function isUnknown(error: unknown): boolean {
  return (error as { readonly code?: unknown }).code === 'CORE_DATABASE_OUTCOME_UNKNOWN'
}
