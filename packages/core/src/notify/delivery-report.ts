import type { JobFailure, JobRecord } from '../jobs/job.ts'

/** How far a notification has come on one channel. */
export interface DeliveryReport {
  readonly channel: string
  /**
   * `waiting`: for its group, the end of quiet hours or the rate limit; `sending`: with the first attempt or another still
   * to come; `delivered`: the receiver took it; `failed`: there will be no further attempt; `forgotten`: it was sent so
   * long ago that how it went is not kept.
   */
  readonly state: 'waiting' | 'sending' | 'delivered' | 'failed' | 'forgotten'
  /** Attempts so far. */
  readonly attempts: number
  /** When it is due, while it waits. */
  readonly due: Date | undefined
  /** The last failure as plain data, secrets masked. */
  readonly error: JobFailure | undefined
}

/** @param job The job that delivers it, if there is one yet. */
export function deliveryReport(
  place: { readonly channel: string; readonly dueAt: number; readonly jobId: string | undefined },
  job: JobRecord | undefined,
): DeliveryReport {
  const { channel } = place
  if (place.jobId === undefined)
    return { channel, state: 'waiting', attempts: 0, due: new Date(place.dueAt), error: undefined }
  if (job === undefined) return { channel, state: 'forgotten', attempts: 0, due: undefined, error: undefined }
  const state =
    job.state === 'done' ? 'delivered' : job.state === 'dead' || job.state === 'cancelled' ? 'failed' : 'sending'
  return { channel, state, attempts: job.attempt, due: undefined, error: state === 'delivered' ? undefined : job.error }
}
