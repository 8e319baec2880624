import type { Job } from './job.ts'
import { recentSlots } from './recent-slots.ts'
import type { JobRecord, RunningRecord } from './store/records.ts'

/** What a replica should do about a job now. */
export type Decision =
  /** Nothing before `until`; undefined when only another replica or a call can change that. */
  | { readonly action: 'wait'; readonly until: number | undefined }
  /** Another deployment registered another schedule: this replica's is no longer valid. */
  | { readonly action: 'stand-down' }
  /** Begin a run again whose lease has ended. */
  | { readonly action: 'take-over'; readonly run: RunningRecord }
  /** A run whose lease has ended was begun often enough. */
  | { readonly action: 'give-up'; readonly run: RunningRecord }
  /** Claim a slot and run it, or settle it without a run. `missedFrom` is the first slot that was left out before it. */
  | { readonly action: 'run' | 'skip'; readonly slot: number; readonly missedFrom: number | undefined }

/** Decides from what the replicas share; knows no clock and no database. */
export function decide(job: Job, record: JobRecord, running: readonly RunningRecord[], now: number): Decision {
  if (record.schedule !== job.when.text) return { action: 'stand-down' }
  if (record.isPaused) return { action: 'wait', until: undefined }
  const ended = running.find(({ leaseUntil }) => leaseUntil <= now)
  if (ended !== undefined) return { action: ended.attempt < job.attempts ? 'take-over' : 'give-up', run: ended }
  const slot = dueSlot(job, record.slot, now - job.delay)
  if (slot === undefined || (running.length > 0 && job.overlap === 'queue'))
    return {
      action: 'wait',
      until: earliest([nextDue(job, record.slot, now), ...running.map((run) => run.leaseUntil)]),
    }
  const first = job.when.next(record.slot)
  const action = running.length > 0 && job.overlap === 'skip' ? 'skip' : 'run'
  return { action, slot, missedFrom: first === slot ? undefined : first }
}

/** The slot to settle next, if one is due. */
function dueSlot({ when, misfire, misfireLimit, grace }: Job, settled: number, now: number): number | undefined {
  const missedUntil = now - grace - 1
  if (misfire === 'run-all') {
    const [missed] = recentSlots(when, settled, missedUntil, misfireLimit)
    if (missed !== undefined) return missed
  }
  const onTime = when.next(Math.max(settled, missedUntil))
  if (onTime !== undefined && onTime <= now) return onTime
  return misfire === 'run-once' ? recentSlots(when, settled, missedUntil, 1)[0] : undefined
}

/** When the next slot is due that has not come yet. */
function nextDue({ when, delay }: Job, settled: number, now: number): number | undefined {
  const slot = when.next(Math.max(settled, now - delay))
  return slot === undefined ? undefined : slot + delay
}

function earliest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}
