import type { JobFailure } from './job.ts'

/** Something that happened to a job in this process: what metrics are made of. */
export interface JobEvent {
  /**
   * `enqueued`; `started`, with what it `waited`; `done`, `retried`, `dead`, `cancelled` and `released` (given back because
   * the worker stops), with the attempt's `duration`; `lost`: another worker has it now; `recovered`: taken back from a
   * worker that vanished; `foreign`: queued jobs of a name that this process has no handler for.
   */
  readonly type:
    | 'enqueued'
    | 'started'
    | 'done'
    | 'retried'
    | 'dead'
    | 'cancelled'
    | 'released'
    | 'lost'
    | 'recovered'
    | 'foreign'
  readonly name: string
  /** Absent for `foreign`. */
  readonly id?: string | undefined
  /** 1 for the first. */
  readonly attempt?: number | undefined
  /** Milliseconds between being due and being taken. */
  readonly waited?: number | undefined
  /** Milliseconds that the handler took. */
  readonly duration?: number | undefined
  readonly error?: JobFailure | undefined
}
