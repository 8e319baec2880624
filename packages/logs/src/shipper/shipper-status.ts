import type { CircuitState } from '@exprsn/core/resilience'
import type { Durability } from '../wal/spool-writer.ts'

/** Where one sink stands. */
export interface SinkStatus {
  readonly name: string
  /** Lines that the sink took or that are dead letters, since the start. */
  readonly delivered: number
  /** Lines that it does not have yet; an adopted folder that is not through counts as one. */
  readonly pending: number
  /** Attempts that failed. */
  readonly failures: number
  /** Lines that were gone when it was their turn. */
  readonly lost: { readonly dropped: number; readonly damaged: number }
  readonly deadLetters: number
  /** Dead letters that found no room. */
  readonly deadLettersDropped: number
  readonly circuit: CircuitState
  /** Code of the last failure, until something succeeds. */
  readonly lastError: string | undefined
}

/** Figures of a shipper. */
export interface ShipperStatus {
  readonly durability: Durability
  /** Lines taken. */
  readonly lines: number
  /** Lines that were cut because they were too long. */
  readonly cut: number
  /** Lines that were not taken: the spool was full, or the disk refused them. */
  readonly dropped: { readonly full: number; readonly failed: number }
  readonly spool: {
    readonly bytes: number
    readonly limit: number
    readonly segments: number
    /** Folders of dead processes that are being delivered. */
    readonly adopted: number
  }
  readonly sinks: readonly SinkStatus[]
}
