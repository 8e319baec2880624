import { bulkhead, circuitBreaker, policy, retry, timeout, type PolicyContext } from '@exprsn/core/resilience'
import * as cockatiel from 'cockatiel'

/** Retry, time limit, circuit breaker and bulkhead, in this order from the outside. */
export function ourStack(work: (context: Pick<PolicyContext, 'signal'>) => Promise<number>): () => Promise<number> {
  const resilient = policy(retry({ attempts: 4 }), timeout('2s'), circuitBreaker(), bulkhead({ limit: 20 }))
  return () => resilient(work)
}

/** The same with cockatiel, with the breaker that also looks at the rate in a window. */
export function cockatielStack(
  work: (context: Pick<PolicyContext, 'signal'>) => Promise<number>,
): () => Promise<number> {
  const { handleAll, TimeoutStrategy, ExponentialBackoff, SamplingBreaker } = cockatiel
  const stack = cockatiel.wrap(
    cockatiel.retry(handleAll, { maxAttempts: 3, backoff: new ExponentialBackoff() }),
    cockatiel.timeout(2_000, TimeoutStrategy.Aggressive),
    cockatiel.circuitBreaker(handleAll, {
      halfOpenAfter: 30_000,
      breaker: new SamplingBreaker({ threshold: 0.5, duration: 10_000 }),
    }),
    cockatiel.bulkhead(20),
  )
  return () => stack.execute(work)
}
