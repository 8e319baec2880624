import { systemClock, type Clock } from '@exprsn/core'

/** Where a long operation stands. */
export interface Progress {
  /** What is being done now. */
  readonly phase: string
  /** Bytes done in this phase. */
  readonly done: number
  /** Bytes that the phase will take, as far as is known; never less than `done`. */
  readonly total: number
  /** Bytes per second since the phase began. */
  readonly rate: number
}

/** Is told where a long operation stands, a few times per second. */
export type OnProgress = (progress: Progress) => void

/** Options of {@link trackProgress}. */
export interface TrackProgressOptions {
  readonly onProgress: OnProgress | undefined
  readonly phase: string
  readonly total: number
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/** Counts for one phase. */
export interface ProgressTracker {
  /** Sets the total once it is known. */
  expect(total: number): void
  advance(bytes: number): void
  /** Reports the phase as complete. */
  finish(): void
}

const interval = 100

/** Counts bytes of one phase and reports them at most ten times per second, plus once at the end. */
export function trackProgress({
  onProgress,
  phase,
  total,
  clock = systemClock,
}: TrackProgressOptions): ProgressTracker {
  const begun = clock.monotonic()
  let reported = begun
  let done = 0
  let expected = total
  const report = (now: number): void => {
    const seconds = (now - begun) / 1_000
    onProgress?.({ phase, done, total: Math.max(done, expected), rate: seconds > 0 ? done / seconds : 0 })
  }
  return {
    expect(value) {
      expected = value
    },
    advance(bytes) {
      done += bytes
      if (onProgress === undefined) return
      const now = clock.monotonic()
      if (now - reported < interval) return
      reported = now
      report(now)
    },
    finish() {
      expected = done
      report(clock.monotonic())
    },
  }
}
