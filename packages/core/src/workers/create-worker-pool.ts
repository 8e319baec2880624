import { availableParallelism } from 'node:os'
import { pathToFileURL } from 'node:url'
import type { MessagePort } from 'node:worker_threads'
import type { Clock, Timer } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { milliseconds, type Duration } from '../duration/duration.ts'
import { workersErrors } from './errors.ts'
import { InlineSlot } from './inline-slot.ts'
import type { Slot, SlotCall } from './slot.ts'
import type { TaskData, TaskMap, TaskResult } from './task.ts'
import { ThreadSlot } from './thread-slot.ts'

/** Options of {@link createWorkerPool}. */
export interface WorkerPoolOptions {
  /** The module that calls `serveTasks`: a `file:` URL or an absolute path. */
  readonly entry: URL | string
  /** Threads at most; they start when needed. With 0 tasks run in this thread, one at a time. @default processors − 1, at least 1 */
  readonly threads?: number | undefined
  /** MiB of heap per thread; a task that needs more loses its worker. @default what the runtime gives */
  readonly maxMemory?: number | undefined
  /**
   * MiB per thread for objects that were made just now; what lives longer moves on. Little of it (3 to 8) keeps the process
   * small where tasks make much that is soon forgotten, for somewhat more collecting. @default what the runtime gives
   */
  readonly maxYoungMemory?: number | undefined
  /** A thread without work ends after this time. @default '30s' */
  readonly idleTimeout?: Duration | undefined
  /** Tasks that may wait for a thread. @default 10000 */
  readonly queueLimit?: number | undefined
  /** What a cancelled task may take to end by itself, before its thread is stopped. @default '100ms' */
  readonly cancelGrace?: Duration | undefined
  /** What a thread may take to load its entry. @default '10s' */
  readonly startTimeout?: Duration | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/** Options of {@link WorkerPool.run}. */
export interface RunTaskOptions {
  /** Stops waiting, and the task: the promise rejects with the signal's reason at once. */
  readonly signal?: AbortSignal | undefined
  /** Buffers, and ports to talk over while the task runs, that move to the worker instead of being copied. @default [] */
  readonly transfer?: readonly (ArrayBuffer | MessagePort)[] | undefined
  /** From the moment a worker takes the task. @default none */
  readonly timeout?: Duration | undefined
}

/** Threads that run the tasks of one entry. */
export interface WorkerPool<Tasks extends TaskMap = TaskMap> {
  /**
   * Runs a task. Data is read when a worker takes it: leave it as it is until then.
   *
   * Throws what the task throws, with code and details, and `CORE_WORKERS_DIED` (retryable), `CORE_WORKERS_TIMEOUT`,
   * `CORE_WORKERS_QUEUE_FULL`, `CORE_WORKERS_TASK_UNKNOWN`, `CORE_WORKERS_NOT_CLONEABLE`, `CORE_WORKERS_ENTRY_FAILED`,
   * `CORE_WORKERS_CLOSED`.
   */
  run<Name extends keyof Tasks & string>(
    task: Name,
    data: TaskData<Tasks[Name]>,
    options?: RunTaskOptions,
  ): Promise<TaskResult<Tasks[Name]>>
  /** Threads that are there, tasks that run and tasks that wait. */
  readonly stats: { readonly threads: number; readonly running: number; readonly waiting: number }
  /** Lets what was accepted finish, then ends the threads. After the deadline what is left fails. */
  close(options?: { readonly deadline?: Duration | undefined }): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

interface Job extends SlotCall {
  readonly timeout: number | undefined
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
  /** Frees what the caller's signal holds. */
  readonly release: () => void
  slot: Slot | undefined
  settled: boolean
}

/**
 * Makes a pool of worker threads. A thread that dies takes only its own task with it, and another takes its place.
 *
 * @throws `CORE_WORKERS_OPTION_INVALID`
 * @example
 * ```ts no-run
 * import { createWorkerPool } from '@exprsn/core/workers'
 *
 * // The entry says: export const tasks = serveTasks({ digest: async (bytes: Uint8Array) => … })
 * type Tasks = { digest(bytes: Uint8Array): Promise<string> }
 * await using pool = createWorkerPool<Tasks>({ entry: new URL('./digest.worker.ts', import.meta.url) })
 * console.log(await pool.run('digest', Buffer.from('abc'), { timeout: '5s' }))
 * ```
 */
export function createWorkerPool<Tasks extends TaskMap = TaskMap>(options: WorkerPoolOptions): WorkerPool<Tasks> {
  return new Pool(options) as unknown as WorkerPool<Tasks>
}

class Pool {
  readonly #settings: ReturnType<typeof settingsOf>
  readonly #queue = new Set<Job>()
  readonly #running = new Set<Job>()
  readonly #slots = new Set<Slot>()
  readonly #idle = new Map<Slot, Timer>()
  #closing: Promise<void> | undefined
  #onDrained: (() => void) | undefined

  constructor(options: WorkerPoolOptions) {
    this.#settings = settingsOf(options)
  }

  get stats() {
    return { threads: this.#slots.size, running: this.#running.size, waiting: this.#queue.size }
  }

  run(task: string, data: unknown, { signal, transfer = [], timeout }: RunTaskOptions = {}): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#closing !== undefined) throw workersErrors.CORE_WORKERS_CLOSED()
      signal?.throwIfAborted()
      const { queueLimit: limit, threads } = this.#settings
      const hasPlace = this.#idle.size > 0 || this.#slots.size < threads
      if (!hasPlace && this.#queue.size >= limit) throw workersErrors.CORE_WORKERS_QUEUE_FULL({ limit })
      const onAbort = (): void => this.#abandon(job, signal!.reason)
      const release = (): void => signal?.removeEventListener('abort', onAbort)
      const patience = timeout === undefined ? undefined : milliseconds(timeout)
      const job: Job = {
        task,
        data,
        transfer,
        timeout: patience,
        resolve,
        reject,
        release,
        slot: undefined,
        settled: false,
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      this.#queue.add(job)
      this.#pump()
    })
  }

  close({ deadline }: { readonly deadline?: Duration | undefined } = {}): Promise<void> {
    this.#closing ??= this.#drain(deadline === undefined ? undefined : milliseconds(deadline))
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #pump(): void {
    for (const job of this.#queue) {
      const slot = this.#takeSlot()
      if (slot === undefined) return
      this.#queue.delete(job)
      void this.#execute(job, slot)
    }
    if (this.#queue.size + this.#running.size === 0) this.#onDrained?.()
  }

  #takeSlot(): Slot | undefined {
    for (const [slot, timer] of this.#idle) {
      timer.cancel()
      this.#idle.delete(slot)
      if (!slot.dead) return slot
      this.#slots.delete(slot)
    }
    if (this.#slots.size >= this.#settings.threads) return undefined
    const slot = this.#settings.createSlot()
    this.#slots.add(slot)
    return slot
  }

  async #execute(job: Job, slot: Slot): Promise<void> {
    this.#running.add(job)
    job.slot = slot
    const { clock } = this.#settings
    const { task, timeout } = job
    const expire = (): void => this.#abandon(job, workersErrors.CORE_WORKERS_TIMEOUT({ task, timeout }))
    const timer = timeout === undefined ? undefined : clock.setTimer(expire, timeout)
    try {
      const value = await slot.run(job)
      settle(job, () => job.resolve(value))
    } catch (error) {
      settle(job, () => job.reject(error))
    }
    timer?.cancel()
    this.#running.delete(job)
    if (slot.dead) this.#slots.delete(slot)
    else this.#rest(slot)
    this.#pump()
  }

  /** Answers the caller at once; the task may end in peace for a moment, then its thread is stopped. */
  #abandon(job: Job, reason: unknown): void {
    settle(job, () => job.reject(reason))
    if (this.#queue.delete(job)) return this.#pump()
    const { slot } = job
    if (slot === undefined || !this.#running.has(job)) return
    slot.cancel(reason)
    const { clock, cancelGrace } = this.#settings
    const stop = (): void => {
      if (this.#running.has(job)) void slot.stop()
    }
    clock.setTimer(stop, cancelGrace, { background: true })
  }

  #rest(slot: Slot): void {
    const { clock, idleTimeout } = this.#settings
    const end = (): void => {
      this.#idle.delete(slot)
      this.#slots.delete(slot)
      void slot.stop()
    }
    this.#idle.set(slot, clock.setTimer(end, idleTimeout, { background: true }))
  }

  async #drain(deadline: number | undefined): Promise<void> {
    if (this.#queue.size + this.#running.size > 0) {
      const drained = new Promise<void>((resolve) => (this.#onDrained = resolve))
      const { clock } = this.#settings
      const timer = deadline === undefined ? undefined : clock.setTimer(() => this.#giveUp(), deadline)
      await drained
      timer?.cancel()
    }
    for (const timer of this.#idle.values()) timer.cancel()
    this.#idle.clear()
    await Promise.all([...this.#slots].map((slot) => slot.stop()))
    this.#slots.clear()
  }

  #giveUp(): void {
    for (const job of [...this.#queue, ...this.#running]) {
      settle(job, () => job.reject(workersErrors.CORE_WORKERS_CLOSED()))
      this.#queue.delete(job)
      void job.slot?.stop()
    }
    this.#pump()
  }
}

function settle(job: Job, answer: () => void): void {
  if (job.settled) return
  job.settled = true
  job.release()
  answer()
}

function settingsOf(options: WorkerPoolOptions) {
  const {
    threads = Math.max(1, availableParallelism() - 1),
    queueLimit = 10_000,
    maxMemory,
    maxYoungMemory,
    clock = systemClock,
  } = options
  const count = (option: string, value: number, least: number): void => {
    if (!Number.isInteger(value) || value < least) throw workersErrors.CORE_WORKERS_OPTION_INVALID({ option, value })
  }
  count('threads', threads, 0)
  count('queueLimit', queueLimit, 0)
  if (maxMemory !== undefined) count('maxMemory', maxMemory, 1)
  if (maxYoungMemory !== undefined) count('maxYoungMemory', maxYoungMemory, 1)
  const entry = urlOf(options.entry)
  const startTimeout = milliseconds(options.startTimeout ?? '10s')
  return {
    clock,
    queueLimit,
    threads: Math.max(1, threads),
    idleTimeout: milliseconds(options.idleTimeout ?? '30s'),
    cancelGrace: milliseconds(options.cancelGrace ?? '100ms'),
    createSlot: (): Slot =>
      threads === 0 ? new InlineSlot(entry) : new ThreadSlot({ entry, maxMemory, maxYoungMemory, startTimeout, clock }),
  }
}

function urlOf(entry: URL | string): URL {
  if (entry instanceof URL) return entry
  return entry.startsWith('file:') ? new URL(entry) : pathToFileURL(entry)
}
