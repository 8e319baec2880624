/**
 * Cron expressions, intervals and single dates in any time zone, and a scheduler that runs each slot once across replicas.
 *
 * @packageDocumentation
 */
export { at } from './at.ts'
export { cron, type CronOptions } from './cron.ts'
export type { DstOptions } from './cron/dst-policy.ts'
export { scheduleErrors } from './errors.ts'
export type { RunOutcome, ScheduleEvent } from './events.ts'
export { every, type EveryOptions } from './every.ts'
export { explain, type ExplainedRun, type ExplainOptions } from './explain.ts'
export type { JobOptions, RunContext } from './job.ts'
export { nextRuns, type NextRunsOptions } from './next-runs.ts'
export type { Schedule, ScheduleOptions, SlotReason } from './schedule.ts'
export {
  createScheduler,
  type Scheduler,
  type SchedulerOptions,
  type TickOptions,
  type TickReport,
} from './scheduler.ts'
export type { RunClaim, RunKind, RunRecord, RunState } from './store/records.ts'
