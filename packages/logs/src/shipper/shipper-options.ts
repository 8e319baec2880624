import type { Duration } from '@exprsn/core'
import type { Metrics } from '@exprsn/core/metrics'
import type { Sink } from '../sink/sink.ts'
import type { SpoolOptions } from '../wal/spool-options.ts'

/** Options of {@link createShipper}. */
export interface ShipperOptions extends SpoolOptions {
  /** Where lines go: each sink gets all of them, at its own pace. Names must differ. */
  readonly sinks: readonly Sink[]
  /** How long lines may wait for others to fill a batch. @default '200ms' */
  readonly linger?: Duration | undefined
  /** First wait after a failure; it doubles, with jitter, up to `maxBackoff`. @default '250ms' */
  readonly backoff?: Duration | undefined
  /** @default '10s' */
  readonly maxBackoff?: Duration | undefined
  /** How often folders of dead processes are looked for. @default '10s' */
  readonly adoptInterval?: Duration | undefined
  /** Bytes of dead letters that this process writes; what comes then is counted and dropped. @default 64 MiB */
  readonly maxDeadLetters?: number | undefined
  /** Where figures are registered, named `logs_…`. @default none */
  readonly metrics?: Metrics | undefined
}

/** How long something may take. */
export interface DeadlineOptions {
  /** How long it may take. */
  readonly deadline?: Duration | undefined
  /** Ends the waiting at any time. */
  readonly signal?: AbortSignal | undefined
}
