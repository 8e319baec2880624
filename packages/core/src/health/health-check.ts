import type { Duration } from '../duration/duration.ts'

/** How something is, in the words of draft-inadarei-api-health-check-06: `warn` is healthy with concerns. */
export type HealthStatus = 'pass' | 'warn' | 'fail'

/** What a check may tell beyond not throwing. */
export interface CheckOutcome {
  /** @default 'pass' */
  readonly status?: HealthStatus | undefined
  /** A figure that people want to see, such as replication lag. @default the milliseconds that the check took */
  readonly observedValue?: number | undefined
  /** Of the observed value. @default 'ms' */
  readonly observedUnit?: string | undefined
}

/** One dependency that is asked whether it works. */
export interface HealthCheck {
  /** Resolves when it works, with a {@link CheckOutcome} or anything else; throws when not. Should end when the signal aborts. */
  readonly check: (context: { readonly signal: AbortSignal }) => unknown
  /** Whether the service cannot work without it: if so, a failure makes the service fail, else it only warns. @default true */
  readonly critical?: boolean | undefined
  /** How long it may take. @default '5s' */
  readonly timeout?: Duration | undefined
  /** How long an answer is good for: nobody is asked again within it. @default '5s' */
  readonly cacheFor?: Duration | undefined
  /** What kind of thing it is, such as `datastore`. @default 'component' */
  readonly type?: string | undefined
}

/** The last answer of one check. */
export interface CheckResult {
  readonly status: HealthStatus
  readonly critical: boolean
  readonly type: string
  readonly observedValue: number
  readonly observedUnit: string
  /** When it was answered. */
  readonly time: Date
  /** Why it failed: the code of the error, never its message, which may hold secrets; undefined unless it failed. */
  readonly output?: string | undefined
}
