import type { Timer } from '../../clock/clock.ts'
import type { HeldJob } from './held-job.ts'
import type { WorkerSettings } from './settings.ts'

const cleaningInterval = 60_000

/**
 * Keeps a worker's leases alive, takes jobs back from workers that vanished, and cleans up. Every third of a lease, so
 * that two failures in a row cost nothing.
 */
export class Tender {
  readonly #settings: WorkerSettings
  readonly #held: ReadonlyMap<string, HeldJob>
  readonly #wake: () => void
  readonly #reported = new Set<string>()
  #timer: Timer | undefined
  #stopped = false
  #cleanedAt = Number.NEGATIVE_INFINITY

  constructor(settings: WorkerSettings, held: ReadonlyMap<string, HeldJob>, wake: () => void) {
    this.#settings = settings
    this.#held = held
    this.#wake = wake
  }

  start(): void {
    this.#schedule(0)
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
  }

  /** One round. Never rejects. */
  async tend(): Promise<void> {
    await Promise.all([
      this.#guarded('leases could not be extended', () => this.#extend()),
      this.#guarded('lost jobs could not be taken back', () => this.#recover()),
    ])
    await this.#guarded('foreign jobs could not be counted', () => this.#reportForeign())
    const now = this.#settings.clock.monotonic()
    if (now - this.#cleanedAt < cleaningInterval) return
    this.#cleanedAt = now
    await this.#guarded('old jobs could not be deleted', () => this.#clean())
  }

  #schedule(delay: number): void {
    if (this.#stopped) return
    const { clock, lease } = this.#settings
    this.#timer = clock.setTimer(
      () => {
        if (this.#stopped) return
        this.#schedule(lease / 3)
        void this.tend()
      },
      delay,
      { background: true },
    )
  }

  async #guarded(problem: string, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.#settings.logger.warn({ err: error }, problem)
    } finally {
      this.#loseExpired()
    }
  }

  async #extend(): Promise<void> {
    const { backend, clock, lease } = this.#settings
    this.#loseExpired()
    const held = [...this.#held.values()].filter(({ signal, completed }) => !completed && !isLost(signal))
    if (held.length === 0) return
    const expiresAt = clock.monotonic() + lease
    const { lost, cancelled } = await backend.extend(
      held.map(({ job }) => job),
      lease,
    )
    for (const each of held) {
      const { id } = each.job
      if (!lost.includes(id)) each.expiresAt = expiresAt
      else if (!each.settling && !each.completed) each.lose()
      if (cancelled.includes(id) && !each.settling) each.cancel()
    }
  }

  /** Without an answer from the database a lease ends when its time is over. */
  #loseExpired(): void {
    const now = this.#settings.clock.monotonic()
    for (const held of this.#held.values()) if (held.expiresAt <= now && !held.settling) held.lose()
  }

  async #recover(): Promise<void> {
    const { backend, emit, logger } = this.#settings
    const recovered = await backend.recover()
    for (const { id, name, state } of recovered) {
      logger.warn({ job: name, jobId: id, state }, 'a job was taken back from a worker that vanished')
      emit({ type: 'recovered', id, name })
    }
    if (recovered.length > 0) this.#wake()
  }

  async #clean(): Promise<void> {
    const { backend, keep } = this.#settings
    while ((await backend.clean(keep)) === 1_000 && !this.#stopped);
  }

  async #reportForeign(): Promise<void> {
    const { backend, emit, handlers, logger } = this.#settings
    for (const name of await backend.foreignNames([...handlers.keys()])) {
      if (this.#reported.has(name)) continue
      this.#reported.add(name)
      logger.warn({ job: name }, 'jobs of this name are queued, but this process has no handler for it')
      emit({ type: 'foreign', name })
    }
  }
}

function isLost(signal: AbortSignal): boolean {
  return signal.aborted && (signal.reason as { readonly code?: unknown }).code === 'CORE_JOBS_LEASE_LOST'
}
