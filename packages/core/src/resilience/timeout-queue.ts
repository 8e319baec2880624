import type { Clock } from '../clock/clock.ts'

/** Something that is due some time after it was added, unless it is removed before. */
export interface TimeoutEntry {
  previous: TimeoutEntry | undefined
  next: TimeoutEntry | undefined
  cohort: Cohort | undefined
  expire(): void
}

/** Entries that were added between two ticks. All of them count as added at its end, so that none expires early. */
export interface Cohort {
  /** Monotonic milliseconds; infinite while entries are still being added. */
  endedAt: number
}

/** A tick is this part of the length: entries expire at most this much late. */
const ticksPerLength = 50

/**
 * All timeouts of one length in a linked list: they are due in the order they were added, so adding and removing take a
 * few nanoseconds, and one timer of the clock serves them all. The clock is read once per tick instead of once per call,
 * which would cost more than the rest of a whole policy. (After G. Varghese, A. Lauck, "Hashed and Hierarchical Timing
 * Wheels", 1987, with one wheel for each length.)
 *
 * Never early; late by at most a fiftieth of the length, or 1 ms. The timer rests while nothing is queued and never keeps
 * the process alive.
 */
export class TimeoutQueue {
  /** Milliseconds. */
  readonly length: number
  private readonly clock: Clock
  private readonly tick: number
  private first: TimeoutEntry | undefined = undefined
  private last: TimeoutEntry | undefined = undefined
  private cohort: Cohort = { endedAt: Infinity }
  private ticking = false

  constructor(clock: Clock, length: number) {
    this.clock = clock
    this.length = length
    this.tick = Math.max(1, length / ticksPerLength)
  }

  add(entry: TimeoutEntry): void {
    entry.cohort = this.cohort
    entry.previous = this.last
    if (this.last === undefined) this.first = entry
    else this.last.next = entry
    this.last = entry
    if (!this.ticking) this.scheduleTick()
  }

  remove(entry: TimeoutEntry): void {
    if (entry.cohort === undefined) return
    entry.cohort = undefined
    if (entry.previous === undefined) this.first = entry.next
    else entry.previous.next = entry.next
    if (entry.next === undefined) this.last = entry.previous
    else entry.next.previous = entry.previous
    entry.previous = entry.next = undefined
  }

  private scheduleTick(): void {
    this.ticking = true
    // Not a whole tick when the first entry is due earlier, or lengths that are no multiple of the tick would be late.
    const due = this.first!.cohort!.endedAt + this.length - this.clock.monotonic()
    this.clock.setTimer(() => this.onTick(), Math.min(this.tick, due), { background: true })
  }

  private onTick(): void {
    this.ticking = false
    const now = this.clock.monotonic()
    this.cohort.endedAt = now
    this.cohort = { endedAt: Infinity }
    while (this.first !== undefined && this.first.cohort!.endedAt + this.length <= now) {
      const due = this.first
      this.remove(due)
      due.expire()
    }
    if (this.first !== undefined && !this.ticking) this.scheduleTick()
  }
}

const queuesByClock = new WeakMap<Clock, Map<number, TimeoutQueue>>()

/** Lengths that have a shared queue. A host that computes a limit for each call gets queues that are its own. */
const sharedQueues = 256

/** The process's queue for timeouts of one length on one clock. */
export function timeoutQueue(clock: Clock, length: number): TimeoutQueue {
  let queues = queuesByClock.get(clock)
  if (queues === undefined) queuesByClock.set(clock, (queues = new Map()))
  let queue = queues.get(length)
  if (queue !== undefined) return queue
  queue = new TimeoutQueue(clock, length)
  if (queues.size < sharedQueues) queues.set(length, queue)
  return queue
}
