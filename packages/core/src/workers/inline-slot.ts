import { workersErrors } from './errors.ts'
import { runTask } from './run-task.ts'
import type { Slot, SlotCall } from './slot.ts'
import type { TaskMap } from './task.ts'
import { fromWire, toWire } from './wire-error.ts'

/** Runs tasks in this thread, with the same copies and errors as across a border. */
export class InlineSlot implements Slot {
  readonly #entry: URL
  #controller = new AbortController()
  #onStop: (() => void) | undefined
  dead = false

  constructor(entry: URL) {
    this.#entry = entry
  }

  run(call: SlotCall): Promise<unknown> {
    this.#controller = new AbortController()
    const stopped = new Promise<never>((_, reject) => {
      this.#onStop = () => reject(workersErrors.CORE_WORKERS_DIED({ task: call.task, reason: 'it was stopped' }))
    })
    return Promise.race([this.#run(call, this.#controller.signal), stopped])
  }

  cancel(reason: unknown): void {
    this.#controller.abort(fromWire(toWire(reason)))
  }

  /** A task that goes on is left alone: nothing can end it. */
  async stop(): Promise<void> {
    this.dead = true
    this.#onStop?.()
  }

  async #run({ task, data, transfer }: SlotCall, signal: AbortSignal): Promise<unknown> {
    const copy = clone(data, transfer, 'data', task)
    const tasks = await this.#load()
    try {
      const result = await runTask(tasks, task, copy, { signal })
      return clone(result.value, result.transfer, 'result', task)
    } catch (error) {
      throw fromWire(toWire(error))
    }
  }

  async #load(): Promise<TaskMap> {
    const entry = this.#entry.href
    let module: { readonly tasks?: TaskMap; readonly default?: { readonly tasks?: TaskMap } }
    try {
      module = (await import(/* @vite-ignore */ entry)) as typeof module
    } catch (cause) {
      throw workersErrors.CORE_WORKERS_ENTRY_FAILED({ entry, reason: 'it could not be loaded' }, { cause })
    }
    const tasks = module.tasks ?? module.default?.tasks
    if (tasks === undefined)
      throw workersErrors.CORE_WORKERS_ENTRY_FAILED({ entry, reason: 'it does not export tasks' })
    return tasks
  }
}

function clone(value: unknown, transfer: SlotCall['transfer'], part: string, task: string): unknown {
  try {
    return structuredClone(value, { transfer: [...transfer] })
  } catch (cause) {
    throw workersErrors.CORE_WORKERS_NOT_CLONEABLE({ part, task }, { cause })
  }
}
