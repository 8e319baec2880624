/** A timer that has not fired yet. */
export interface Timer {
  /** Stops it. Calling this after it fired, or twice, does nothing. */
  cancel(): void
}

/** How a timer behaves towards its process. */
export interface TimerOptions {
  /** A background timer does not keep the process alive. @default false */
  readonly background?: boolean | undefined
}

/**
 * The only source of time in the family. Everything that waits or asks for the time takes one in its options,
 * which is what lets `SimulatedClock` (from `@exprsn/core/testing`) run a month in a millisecond.
 */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. May jump in either direction when the machine's clock is set. */
  now(): number
  /** Milliseconds with fractions from an arbitrary start. Never goes back. */
  monotonic(): number
  /** Calls `callback` once, `delay` milliseconds from now at the earliest. */
  setTimer(callback: () => void, delay: number, options?: TimerOptions): Timer
}
