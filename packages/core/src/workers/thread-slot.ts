import { Worker, type MessagePort } from 'node:worker_threads'
import type { Clock, Timer } from '../clock/clock.ts'
import { workersErrors } from './errors.ts'
import { workerMark, type FromWorker, type ToWorker } from './messages.ts'
import type { Slot, SlotCall } from './slot.ts'
import { fromWire, toWire } from './wire-error.ts'

/** What a {@link ThreadSlot} is made with. */
export interface ThreadSlotOptions {
  readonly entry: URL
  /** MiB of the thread's heap; undefined leaves it to the runtime. */
  readonly maxMemory: number | undefined
  /** MiB of it for what was made just now; undefined leaves it to the runtime. */
  readonly maxYoungMemory: number | undefined
  /** Milliseconds. */
  readonly startTimeout: number
  readonly clock: Clock
}

interface Pending {
  readonly task: string
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

/** A worker thread. It keeps the process alive only while a task runs. */
export class ThreadSlot implements Slot {
  readonly #worker: Worker
  readonly #entry: string
  readonly #startTimer: Timer
  #pending: Pending | undefined
  #id = 0
  #ready = false
  #reason: { readonly text: string; readonly cause: unknown } | undefined
  dead = false

  constructor({ entry, maxMemory, maxYoungMemory, startTimeout, clock }: ThreadSlotOptions) {
    this.#entry = entry.href
    const resourceLimits = {
      ...(maxMemory !== undefined && { maxOldGenerationSizeMb: maxMemory }),
      ...(maxYoungMemory !== undefined && { maxYoungGenerationSizeMb: maxYoungMemory }),
    }
    this.#worker = new Worker(entry, { workerData: { [workerMark]: true }, resourceLimits })
    this.#worker.on('message', (message: FromWorker) => this.#receive(message))
    this.#worker.on('messageerror', (cause) => this.#fail('its answer could not be read', cause))
    this.#worker.on('error', (cause) => this.#fail(reasonOf(cause), cause))
    this.#worker.on('exit', (code) => this.#exit(code))
    const late = (): void => this.#fail('it did not call serveTasks() in time', undefined)
    this.#startTimer = clock.setTimer(late, startTimeout, { background: true })
    this.#worker.unref()
  }

  run({ task, data, transfer }: SlotCall): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = ++this.#id
      try {
        this.#post({ type: 'run', id, task, data }, transfer)
      } catch (cause) {
        reject(workersErrors.CORE_WORKERS_NOT_CLONEABLE({ part: 'data', task }, { cause }))
        return
      }
      this.#pending = { task, resolve, reject }
      this.#worker.ref()
    })
  }

  cancel(reason: unknown): void {
    this.#post({ type: 'cancel', id: this.#id, reason: toWire(reason) }, [])
  }

  async stop(): Promise<void> {
    this.#fail('it was stopped', undefined)
    await this.#worker.terminate()
  }

  #post(message: ToWorker, transfer: readonly (ArrayBuffer | MessagePort)[]): void {
    this.#worker.postMessage(message, [...transfer])
  }

  #receive(message: FromWorker): void {
    if (message.type === 'ready') {
      this.#ready = true
      this.#startTimer.cancel()
      return
    }
    const pending = this.#pending
    if (pending === undefined || message.id !== this.#id) return
    this.#pending = undefined
    this.#worker.unref()
    if (message.type === 'done') pending.resolve(message.value)
    else pending.reject(fromWire(message.error))
  }

  /** The first reason counts: what follows is its consequence. */
  #fail(text: string, cause: unknown): void {
    this.dead = true
    this.#reason ??= { text, cause }
    this.#startTimer.cancel()
    void this.#worker.terminate()
  }

  #exit(code: number): void {
    this.#fail(`it exited with code ${code}`, undefined)
    const { text, cause } = this.#reason!
    const pending = this.#pending
    this.#pending = undefined
    if (pending === undefined) return
    const options = cause === undefined ? {} : { cause }
    pending.reject(
      this.#ready
        ? workersErrors.CORE_WORKERS_DIED({ task: pending.task, reason: text }, options)
        : workersErrors.CORE_WORKERS_ENTRY_FAILED({ entry: this.#entry, reason: text }, options),
    )
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'it ran out of memory' : `an error that nobody caught, "${message}"`
}
