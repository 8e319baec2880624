import type { WorkerSettings } from './settings.ts'

/** How much work a worker may have lying in front of it, in milliseconds: what an urgent job waits at most because of it. */
const horizon = 50
const weight = 0.2

/** Decides how many jobs to take beyond those that can start at once: many of short ones, none of long ones. */
export class Prefetch {
  readonly #concurrency: number
  readonly #maximum: number
  #average: number | undefined

  constructor({ concurrency, prefetch }: Pick<WorkerSettings, 'concurrency' | 'prefetch'>) {
    this.#concurrency = concurrency
    this.#maximum = prefetch
  }

  /** Jobs to hold beyond the running ones. */
  get size(): number {
    if (this.#average === undefined) return Math.min(this.#maximum, this.#concurrency)
    return Math.min(this.#maximum, Math.floor((this.#concurrency * horizon) / Math.max(this.#average, 0.01)))
  }

  /** Learns from the duration of an attempt in milliseconds (exponentially weighted mean). */
  observe(duration: number): void {
    this.#average = this.#average === undefined ? duration : this.#average + weight * (duration - this.#average)
  }
}
