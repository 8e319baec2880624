import { scheduleErrors } from '../errors.ts'
import { settledAtRegistration, type Job } from '../job.ts'
import type { ScheduleStore } from '../store/schedule-store.ts'

/** The jobs of this replica, and which of them the others know about already. */
export class JobTable {
  readonly #jobs = new Map<string, Job>()
  readonly #registered = new Set<Job>()
  readonly #replaced = new Set<Job>()

  add(job: Job): void {
    if (this.#jobs.has(job.id)) throw scheduleErrors.CORE_SCHEDULE_JOB_TAKEN({ id: job.id })
    this.#jobs.set(job.id, job)
  }

  get(id: string): Job {
    const job = this.#jobs.get(id)
    if (job === undefined) throw scheduleErrors.CORE_SCHEDULE_JOB_UNKNOWN({ id })
    return job
  }

  delete(id: string): void {
    this.#jobs.delete(this.get(id).id)
  }

  has(job: Job): boolean {
    return this.#jobs.get(job.id) === job
  }

  all(): Job[] {
    return [...this.#jobs.values()]
  }

  /** Makes the jobs known that were added since the last time. */
  async register(store: ScheduleStore, now: number): Promise<void> {
    for (const job of this.#jobs.values()) {
      if (this.#registered.has(job)) continue
      await store.register(job.id, job.when.text, settledAtRegistration(job, now), now)
      this.#registered.add(job)
    }
  }

  /** True the first time that a job is found to be replaced by another deployment's. */
  standDown(job: Job): boolean {
    if (this.#replaced.has(job)) return false
    this.#replaced.add(job)
    return true
  }
}
