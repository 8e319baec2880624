import type { Clock } from '../../clock/clock.ts'
import { ExprsnError } from '../../errors/exprsn-error.ts'
import type { Logger } from '../../logger/logger.ts'
import type { Random } from '../../random/random.ts'
import { bulkhead, type Bulkhead } from '../../resilience/bulkhead.ts'
import { circuitBreaker, type CircuitBreaker, type CircuitBreakerOptions } from '../../resilience/circuit-breaker.ts'
import { policy, type Policy } from '../../resilience/policy.ts'
import { retry, type RetryOptions } from '../../resilience/retry.ts'
import { retryBudget } from '../../resilience/retry-budget.ts'

/** What every origin (scheme, host and port) gets for itself, so that one that fails or is slow does not harm the others. */
export interface OriginBudgetOptions {
  /** Requests, and connections, to one origin at once. @default 100 */
  readonly concurrency?: number | undefined
  /** Requests that may wait for their turn; more are refused with `CORE_BULKHEAD_FULL`. @default 10_000 */
  readonly queue?: number | undefined
  /** Stops calling an origin that keeps failing (statuses from 500 and faults of the transport); false for never. @default {} */
  readonly breaker?: Omit<CircuitBreakerOptions, 'name' | 'isFailure' | 'clock'> | false | undefined
}

/** What one origin has. */
export interface OriginBudget {
  /** Around each single exchange: circuit breaker and bulkhead. */
  readonly guard: Policy
  /** Around a whole call, unless the host brings a policy: retries within the budget of the origin. */
  readonly retry: Policy
  readonly bulkhead: Bulkhead
  readonly breaker: CircuitBreaker | undefined
}

interface Settings extends OriginBudgetOptions {
  readonly retry: Omit<RetryOptions, 'budget' | 'clock' | 'random'> | false | undefined
  readonly clock: Clock
  readonly random: Random
  readonly logger: Logger
}

/** Origins that are remembered: URLs that come from outside must not fill the memory. */
const mostOrigins = 1_000

/** Gives each origin its own breaker, bulkhead and retry budget; the one longest unused makes room for a new one. */
export class OriginBudgets {
  readonly #settings: Settings
  readonly #budgets = new Map<string, OriginBudget>()

  constructor(settings: Settings) {
    this.#settings = settings
    // What is wrong with the options is said now, not at the first request.
    createBudget('', settings)
  }

  for(origin: string): OriginBudget {
    const known = this.#budgets.get(origin)
    if (known !== undefined) this.#budgets.delete(origin)
    else if (this.#budgets.size >= mostOrigins) this.#forgetOne()
    const budget = known ?? createBudget(origin, this.#settings)
    this.#budgets.set(origin, budget)
    return budget
  }

  get size(): number {
    return this.#budgets.size
  }

  /** One at work is kept: its successor would let the same number of requests run again. */
  #forgetOne(): void {
    for (const [origin, { bulkhead: places }] of this.#budgets)
      if (places.running === 0) {
        this.#budgets.delete(origin)
        return
      }
  }
}

function createBudget(name: string, settings: Settings): OriginBudget {
  const {
    concurrency = 100,
    queue = 10_000,
    breaker: circuit = {},
    retry: again = {},
    clock,
    random,
    logger,
  } = settings
  const places = bulkhead({ limit: concurrency, queue, name })
  const breaker =
    circuit === false
      ? undefined
      : circuitBreaker({
          ...circuit,
          name,
          clock,
          isFailure: blamesOrigin,
          onChange(event) {
            logger.warn({ origin: name, from: event.from, to: event.to }, 'circuit changed')
            circuit.onChange?.(event)
          },
        })
  return {
    bulkhead: places,
    breaker,
    guard: breaker === undefined ? policy(places) : policy(breaker, places),
    retry: again === false ? policy() : policy(retry({ ...again, clock, random, budget: retryBudget({ clock }) })),
  }
}

/** A refused or malformed request, and what we refuse ourselves, say nothing about the health of the service. */
function blamesOrigin(error: unknown): boolean {
  if (!ExprsnError.is(error)) return true
  if (error.code === 'CORE_CLIENT_STATUS') return (error.details.status as number) >= 500
  return blaming.has(error.code)
}

const blaming = new Set([
  'CORE_CLIENT_CONNECT_FAILED',
  'CORE_CLIENT_CONNECTION_LOST',
  'CORE_CLIENT_RESPONSE_INVALID',
  'CORE_CLIENT_TIMEOUT',
  'CORE_CLIENT_TLS_FAILED',
  'CORE_TIMEOUT',
])
