import type { ClaimedJob } from '../backend.ts'
import { jobErrors } from '../errors.ts'

/** A job that this worker holds, from the claim until its outcome is stored. */
export class HeldJob {
  readonly job: ClaimedJob
  readonly #controller = new AbortController()
  /** When the lease certainly is over, on the monotonic clock. */
  expiresAt: number
  /** Its outcome is on the way: that the lease is gone is then no news. */
  settling = false
  /** Its effect and completion are stored already. */
  completed = false

  constructor(job: ClaimedJob, expiresAt: number) {
    this.job = job
    this.expiresAt = expiresAt
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** The code of the error that the signal was aborted with. */
  get abortCode(): string | undefined {
    return this.signal.aborted ? (this.signal.reason as { readonly code: string }).code : undefined
  }

  lose(): void {
    this.#controller.abort(jobErrors.CORE_JOBS_LEASE_LOST({ id: this.job.id }))
  }

  cancel(): void {
    this.#controller.abort(jobErrors.CORE_JOBS_CANCELLED({ id: this.job.id }))
  }

  stop(): void {
    this.#controller.abort(jobErrors.CORE_JOBS_STOPPING({ id: this.job.id }))
  }

  timeOut(limit: number): void {
    this.#controller.abort(jobErrors.CORE_JOBS_TIMEOUT({ id: this.job.id, limit }))
  }
}
