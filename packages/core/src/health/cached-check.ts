import type { Clock } from '../clock/clock.ts'
import { formatDuration, milliseconds } from '../duration/duration.ts'
import type { Logger } from '../logger/logger.ts'
import { healthErrors } from './errors.ts'
import { failureCode } from './failure-code.ts'
import type { CheckOutcome, CheckResult, HealthCheck, HealthStatus } from './health-check.ts'

/** Where a check takes its time from and writes to. */
export interface CheckContext {
  readonly clock: Clock
  readonly logger: Logger
}

/** One check with its last answer: however many ask at once, and however often, it runs once in `cacheFor`. */
export class CachedCheck {
  readonly name: string
  readonly #check: HealthCheck
  readonly #context: CheckContext
  readonly #timeout: number
  readonly #cacheFor: number
  #last: CheckResult | undefined
  /** On the monotonic scale. */
  #freshUntil = Number.NEGATIVE_INFINITY
  #running: Promise<CheckResult> | undefined

  constructor(name: string, check: HealthCheck, context: CheckContext) {
    this.name = name
    this.#check = check
    this.#context = context
    this.#timeout = milliseconds(check.timeout ?? '5s')
    this.#cacheFor = milliseconds(check.cacheFor ?? '5s')
  }

  /** Never rejects. */
  result(): Promise<CheckResult> {
    if (this.#running !== undefined) return this.#running
    if (this.#last !== undefined && this.#context.clock.monotonic() < this.#freshUntil)
      return Promise.resolve(this.#last)
    this.#running = this.#run()
    return this.#running
  }

  async #run(): Promise<CheckResult> {
    const { clock } = this.#context
    const begun = clock.monotonic()
    const answer = await this.#ask().then(outcomeOf, (error: unknown) => ({ error }))
    const result = this.#resultOf(answer, clock.monotonic() - begun)
    this.#report(result, 'error' in answer ? answer.error : undefined)
    this.#last = result
    this.#freshUntil = clock.monotonic() + this.#cacheFor
    this.#running = undefined
    return result
  }

  /** Rejects when the time is up, whether or not the check listens to its signal. */
  #ask(): Promise<unknown> {
    const controller = new AbortController()
    return new Promise((resolve, reject) => {
      const timer = this.#context.clock.setTimer(
        () => {
          const timeout = formatDuration(this.#timeout)
          const error = healthErrors.CORE_HEALTH_CHECK_TIMEOUT({ name: this.name, timeout })
          controller.abort(error)
          reject(error)
        },
        this.#timeout,
        { background: true },
      )
      const ask = async (): Promise<unknown> => this.#check.check({ signal: controller.signal })
      ask()
        .then(resolve, reject)
        .finally(() => timer.cancel())
    })
  }

  #resultOf(answer: CheckOutcome | { readonly error: unknown }, took: number): CheckResult {
    const { critical = true, type = 'component' } = this.#check
    const failed = 'error' in answer
    const outcome: CheckOutcome = failed ? { status: 'fail' } : answer
    return {
      status: outcome.status ?? 'pass',
      critical,
      type,
      observedValue: outcome.observedValue ?? Math.round(took),
      observedUnit: outcome.observedValue === undefined ? 'ms' : (outcome.observedUnit ?? ''),
      time: new Date(this.#context.clock.now()),
      ...(failed && { output: failureCode(answer.error) }),
    }
  }

  /** Logs changes only: a dependency that is away for an hour is two lines. */
  #report({ status, critical, output }: CheckResult, error: unknown): void {
    const before = this.#last?.status ?? 'pass'
    if (status === before) return
    const fields = { check: this.name, status, before, critical, output, err: error }
    if (status === 'pass') this.#context.logger.info(fields, 'health check passes again')
    else this.#context.logger.warn(fields, 'health check does not pass')
  }
}

const statuses: ReadonlySet<unknown> = new Set<HealthStatus>(['pass', 'warn', 'fail'])

/** What a check resolved with, as far as it is an outcome. */
function outcomeOf(value: unknown): CheckOutcome {
  if (typeof value !== 'object' || value === null) return {}
  const { status, observedValue, observedUnit } = value as Readonly<Record<string, unknown>>
  return {
    status: statuses.has(status) ? (status as HealthStatus) : undefined,
    observedValue: typeof observedValue === 'number' && Number.isFinite(observedValue) ? observedValue : undefined,
    observedUnit: typeof observedUnit === 'string' ? observedUnit : undefined,
  }
}
