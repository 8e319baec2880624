import type { CheckResult, HealthStatus } from './health-check.ts'

/** The three questions: has it started, is it alive, should it get requests. */
export type HealthQuestion = 'startup' | 'live' | 'ready'

/** The answer to one of them. */
export interface HealthReport {
  readonly question: HealthQuestion
  /** `fail` means no: not started, to be restarted, or to be left alone. */
  readonly status: HealthStatus
  /** Why, beyond the checks: `draining`, `starting`, `event loop late`; empty when there is nothing to say. */
  readonly notes: readonly string[]
  /** By name. */
  readonly checks: Readonly<Record<string, CheckResult>>
  /** Milliseconds that timers are late; undefined where it is not measured. */
  readonly eventLoopLag: number | undefined
}

/** One status for several checks: a critical one that fails fails all, any other trouble only warns. */
export function overallStatus(results: Iterable<Pick<CheckResult, 'status' | 'critical'>>): HealthStatus {
  let overall: HealthStatus = 'pass'
  for (const { status, critical } of results) {
    if (status === 'fail' && critical) return 'fail'
    if (status !== 'pass') overall = 'warn'
  }
  return overall
}
