import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { milliseconds, type Duration } from '../duration/duration.ts'
import { silentLogger, type Logger } from '../logger/logger.ts'
import { CachedCheck } from './cached-check.ts'
import { healthErrors } from './errors.ts'
import { eventLoopLag } from './event-loop-lag.ts'
import type { CheckResult, HealthCheck } from './health-check.ts'
import { overallStatus, type HealthQuestion, type HealthReport } from './health-report.ts'

/** Options of {@link createHealth}. */
export interface HealthOptions {
  /** What the service depends on, by name. @default none */
  readonly checks?: Readonly<Record<string, HealthCheck>> | undefined
  /**
   * How long `drain` lets the service go on after readiness has turned to `fail`: longer than the load balancer takes
   * to notice, which is its probe's period times the failures it waits for. @default '5s'
   */
  readonly drainDelay?: Duration | undefined
  /** How late timers may be before readiness fails; false does not measure it. @default '1s' */
  readonly maxLag?: Duration | false | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** Gets a line whenever a check's status changes. @default silentLogger */
  readonly logger?: Logger | undefined
}

/** A component for `createLifecycle().add(...)`. */
export interface HealthComponent {
  readonly name: string
  readonly dependsOn: readonly string[]
  readonly drain: (context: { readonly signal: AbortSignal }) => Promise<void>
}

/** What a service says about itself. */
export interface Health {
  /** Whether `drain` was called. */
  readonly isDraining: boolean
  /**
   * Whether it has started: every critical check has passed once, all at the same time. From then on it stays `pass`.
   * An orchestrator asks nothing else until then.
   */
  startup(): Promise<HealthReport>
  /** Whether it is alive. Asks no dependency: restarting this process would not repair them. */
  live(): Promise<HealthReport>
  /** Whether it should get requests: it has not begun to drain, the checks pass, and the event loop is in time. */
  ready(): Promise<HealthReport>
  /**
   * Turns readiness to `fail` at once and resolves after the drain delay, or when the signal aborts: close the listeners
   * then. Calling it again waits for the same end.
   */
  drain(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>
  /**
   * {@link drain} as a part of a lifecycle. Name the components that serve requests in `dependsOn`: they are then
   * stopped after the delay.
   */
  component(options?: {
    readonly name?: string | undefined
    readonly dependsOn?: readonly string[] | undefined
  }): HealthComponent
}

/**
 * Answers the startup, liveness and readiness probes of an orchestrator. Starts no timer: checks run when somebody asks.
 *
 * @throws `CORE_HEALTH_OPTION_INVALID`, `CORE_DURATION_INVALID`.
 * @example
 * ```ts
 * import { createHealth } from '@exprsn/core/health'
 * import { createLifecycle } from '@exprsn/core/lifecycle'
 *
 * const health = createHealth({
 *   checks: {
 *     database: { check: async () => {}, timeout: '2s' },
 *     recommendations: { check: async () => ({ status: 'warn' }), critical: false },
 *   },
 * })
 * const lifecycle = createLifecycle()
 * lifecycle.add({ name: 'server', start: () => console.log('listening') })
 * lifecycle.add(health.component({ dependsOn: ['server'] }))
 * console.log((await health.ready()).status) // warn
 * ```
 */
export function createHealth(options: HealthOptions = {}): Health {
  return new ServiceHealth(options)
}

class ServiceHealth implements Health {
  readonly #checks: readonly CachedCheck[]
  readonly #drainDelay: number
  readonly #maxLag: number | undefined
  readonly #clock: Clock
  readonly #logger: Logger
  #hasStarted = false
  #draining: Promise<void> | undefined
  #endDrain: () => void = () => {}

  constructor({ checks = {}, drainDelay = '5s', maxLag = '1s', clock, logger }: HealthOptions) {
    this.#clock = clock ?? systemClock
    this.#logger = logger ?? silentLogger
    const context = { clock: this.#clock, logger: this.#logger }
    this.#checks = Object.entries(checks).map(([name, check]) => {
      if (typeof check?.check !== 'function')
        throw healthErrors.CORE_HEALTH_OPTION_INVALID({ option: `checks.${name}`, value: check })
      return new CachedCheck(name, check, context)
    })
    this.#drainDelay = milliseconds(drainDelay)
    this.#maxLag = maxLag === false ? undefined : milliseconds(maxLag)
  }

  get isDraining(): boolean {
    return this.#draining !== undefined
  }

  async startup(): Promise<HealthReport> {
    if (this.#hasStarted) return report('startup', {})
    const checks = await this.#results()
    this.#hasStarted ||= overallStatus(Object.values(checks)) !== 'fail'
    return this.#hasStarted ? report('startup', { checks }) : report('startup', { checks, failing: ['starting'] })
  }

  async live(): Promise<HealthReport> {
    return report('live', { lag: await this.#lag() })
  }

  async ready(): Promise<HealthReport> {
    // A service on its way out is asked no more than that.
    if (this.isDraining) return report('ready', { failing: ['draining'] })
    const [checks, lag] = await Promise.all([this.#results(), this.#lag()])
    const isLate = lag !== undefined && this.#maxLag !== undefined && lag > this.#maxLag
    const failing = [...(this.isDraining ? ['draining'] : []), ...(isLate ? ['event loop late'] : [])]
    const answer = report('ready', { checks, lag, failing })
    this.#hasStarted ||= overallStatus(Object.values(checks)) !== 'fail'
    return answer
  }

  drain({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    this.#draining ??= this.#beginDrain()
    const end = (): void => this.#endDrain()
    if (signal?.aborted) end()
    signal?.addEventListener('abort', end, { once: true })
    return this.#draining.finally(() => signal?.removeEventListener('abort', end))
  }

  component({
    name = 'health',
    dependsOn = [],
  }: { readonly name?: string | undefined; readonly dependsOn?: readonly string[] | undefined } = {}): HealthComponent {
    return { name, dependsOn, drain: ({ signal }) => this.drain({ signal }) }
  }

  #beginDrain(): Promise<void> {
    this.#logger.info({ delayMs: this.#drainDelay }, 'not ready any more: draining')
    return new Promise((resolve) => {
      const timer = this.#clock.setTimer(() => resolve(), this.#drainDelay)
      this.#endDrain = () => {
        timer.cancel()
        resolve()
      }
    })
  }

  async #results(): Promise<Record<string, CheckResult>> {
    const entries = this.#checks.map(async (check) => [check.name, await check.result()] as const)
    return Object.fromEntries(await Promise.all(entries))
  }

  #lag(): Promise<number | undefined> {
    return this.#maxLag === undefined ? Promise.resolve(undefined) : eventLoopLag(this.#clock)
  }
}

interface Findings {
  readonly checks?: Readonly<Record<string, CheckResult>> | undefined
  readonly lag?: number | undefined
  /** Reasons to fail beyond the checks. */
  readonly failing?: readonly string[] | undefined
}

function report(question: HealthQuestion, { checks = {}, lag, failing = [] }: Findings): HealthReport {
  const status = failing.length > 0 ? 'fail' : overallStatus(Object.values(checks))
  return { question, status, notes: failing, checks, eventLoopLag: lag }
}
