import type { Clock } from '../clock/clock.ts'

const buckets = 10

/**
 * Calls and failures of the last while, in ten buckets of equal length: recording allocates nothing, and what is older
 * than the window drops out bucket by bucket. A timer moves to the next bucket while calls are being recorded, so that a
 * call does not pay for reading the clock; it rests when there are none.
 */
export class FailureWindow {
  calls = 0
  failures = 0
  private readonly clock: Clock
  private readonly bucketLength: number
  private readonly bucketCalls = new Float64Array(buckets)
  private readonly bucketFailures = new Float64Array(buckets)
  private bucket = 0
  private slot = 0
  private moving = false

  /** @param length Of the whole window, in milliseconds. */
  constructor(clock: Clock, length: number) {
    this.clock = clock
    this.bucketLength = length / buckets
  }

  record(failed: boolean): void {
    if (!this.moving) this.startMoving()
    this.calls++
    this.bucketCalls[this.slot]!++
    if (!failed) return
    this.failures++
    this.bucketFailures[this.slot]!++
  }

  clear(): void {
    this.bucketCalls.fill(0)
    this.bucketFailures.fill(0)
    this.calls = this.failures = 0
  }

  private startMoving(): void {
    this.moving = true
    this.moveToNow()
    this.clock.setTimer(() => this.onBucketEnd(), this.bucketLength, { background: true })
  }

  private onBucketEnd(): void {
    this.moving = false
    const used = this.bucketCalls[this.slot]! > 0
    if (used) this.startMoving()
  }

  private moveToNow(): void {
    const bucket = Math.floor(this.clock.monotonic() / this.bucketLength)
    const passed = Math.min(buckets, bucket - this.bucket)
    this.bucket = bucket
    this.slot = bucket % buckets
    for (let stale = bucket - passed + 1; stale <= bucket; stale++) {
      const slot = stale % buckets
      this.calls -= this.bucketCalls[slot]!
      this.failures -= this.bucketFailures[slot]!
      this.bucketCalls[slot] = this.bucketFailures[slot] = 0
    }
  }
}
