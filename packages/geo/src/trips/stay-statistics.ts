import type { FenceEvent } from '../fence/fence-event.ts'

/** How objects stayed in a fence. Durations in milliseconds. */
export interface FenceStays {
  readonly fence: string
  /** Stays that have ended. */
  readonly visits: number
  /** Objects that have ever been seen inside. */
  readonly objects: number
  /** Objects inside now. */
  readonly inside: number
  /** Most objects inside at once. */
  readonly most: number
  readonly total: number
  readonly mean: number
  /** Half of the stays were shorter: exact up to 1,024 stays, then of an even sample of them. */
  readonly median: number
  /** 95 of 100 stays were shorter. */
  readonly p95: number
  readonly longest: number
}

/** Adds up what fences report. */
export interface StayStatistics {
  /** Takes events in their order; others than `enter` and `exit` are left out. */
  add(events: Iterable<FenceEvent>): void
  /** Fences by id, in the order of their first event. */
  fences(): readonly FenceStays[]
  /** One fence; undefined when it has reported nothing. */
  of(fence: string): FenceStays | undefined
}

/**
 * How long objects stay in fences: visits, the number inside, mean, median and the long tail.
 *
 * @example
 * ```ts
 * import { createStayStatistics } from '@exprsn/geo/trips'
 *
 * const stays = createStayStatistics()
 * const at = (minute: number) => ({ time: new Date(minute * 60_000), confirmed: new Date(minute * 60_000) })
 * const van = { fence: 'depot', object: 'van-7', position: [9.5, 47.1] } as const
 * stays.add([
 *   { type: 'enter', ...van, ...at(0) },
 *   { type: 'exit', ...van, ...at(25), duration: 25 * 60_000 },
 * ])
 * console.log(stays.of('depot')?.visits, stays.of('depot')?.median) // 1 1500000
 * ```
 */
export function createStayStatistics(): StayStatistics {
  const fences = new Map<string, Stays>()
  return {
    add(events) {
      for (const event of events) {
        if (event.type !== 'enter' && event.type !== 'exit') continue
        const stays = fences.get(event.fence) ?? new Stays(event.fence)
        fences.set(event.fence, stays)
        stays.take(event)
      }
    },
    fences: () => [...fences.values()].map((stays) => stays.summary()),
    of: (fence) => fences.get(fence)?.summary(),
  }
}

const mostKept = 1_024

class Stays {
  readonly #fence: string
  readonly #objects = new Set<string>()
  readonly #inside = new Set<string>()
  #most = 0
  #visits = 0
  #total = 0
  #longest = 0
  /** Every n-th stay: when there are too many, every second of them goes, and n doubles. */
  #sample: number[] = []
  #every = 1

  constructor(fence: string) {
    this.#fence = fence
  }

  take({ type, object, duration = 0 }: FenceEvent): void {
    this.#objects.add(object)
    if (type === 'enter') {
      this.#inside.add(object)
      this.#most = Math.max(this.#most, this.#inside.size)
      return
    }
    this.#inside.delete(object)
    this.#total += duration
    this.#longest = Math.max(this.#longest, duration)
    if (this.#visits++ % this.#every !== 0) return
    this.#sample.push(duration)
    if (this.#sample.length <= mostKept) return
    this.#sample = this.#sample.filter((_, index) => index % 2 === 0)
    this.#every *= 2
  }

  summary(): FenceStays {
    const sorted = Float64Array.from(this.#sample).sort()
    const share = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
    return {
      ...{ fence: this.#fence, visits: this.#visits, objects: this.#objects.size, inside: this.#inside.size },
      ...{ most: this.#most, total: this.#total, mean: this.#visits === 0 ? 0 : this.#total / this.#visits },
      ...{ median: share(0.5), p95: share(0.95), longest: this.#longest },
    }
  }
}
