import { databaseErrors } from './errors.ts'

/** Counts the work in progress of something that can be closed once. */
export class Lease {
  #running = 0
  #closing: Promise<void> | undefined
  #idle: (() => void) | undefined

  /** Runs work, unless closed. Throws `CORE_DATABASE_CLOSED`. */
  async during<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#closing !== undefined) throw databaseErrors.CORE_DATABASE_CLOSED()
    this.#running++
    try {
      return await work()
    } finally {
      this.#running--
      if (this.#running === 0) this.#idle?.()
    }
  }

  /** Refuses new work, waits for what runs, then calls `finish` once; later calls give the same promise. */
  close(finish: () => Promise<void>): Promise<void> {
    this.#closing ??= this.#untilIdle().then(finish)
    return this.#closing
  }

  #untilIdle(): Promise<void> {
    if (this.#running === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#idle = resolve
    })
  }
}
