/**
 * Policies for calls that may fail: retry, timeout, circuit breaker, bulkhead, hedge, rate limit, fallback.
 *
 * @packageDocumentation
 */
export type { BackoffOptions } from './backoff.ts'
export { bulkhead, type Bulkhead, type BulkheadOptions } from './bulkhead.ts'
export {
  circuitBreaker,
  type CircuitBreaker,
  type CircuitBreakerOptions,
  type CircuitEvent,
  type CircuitState,
} from './circuit-breaker.ts'
export type { CircuitStore, CircuitTally, CircuitVote } from './circuit-store.ts'
export { remainingTime, withDeadline, type DeadlineOptions } from './deadline.ts'
export { resilienceErrors } from './errors.ts'
export { fallback, type FallbackOptions } from './fallback.ts'
export type { RateDecision, RateRule } from './gcra.ts'
export type { Guard } from './guard.ts'
export { hedge, type HedgeOptions } from './hedge.ts'
export { memoryCircuitStore, type MemoryCircuitStoreOptions } from './memory-circuit-store.ts'
export { memoryRateLimiter, type MemoryRateLimiter, type MemoryRateLimiterOptions } from './memory-rate-limiter.ts'
export { observe, type ObservedCall, type ObservedFailure, type ObserveOptions } from './observe.ts'
export type { OutageOptions } from './outage.ts'
export {
  policy,
  type LayerDescription,
  type Operation,
  type Policy,
  type PolicyCallOptions,
  type PolicyContext,
  type PolicyLayer,
  type Work,
} from './policy.ts'
export { rateLimitHeaders, type RateLimitHeadersOptions } from './rate-limit-headers.ts'
export { rateLimit, type RateLimitOptions } from './rate-limit.ts'
export type { RateLimiter } from './rate-limiter.ts'
export { parseRetryAfter, retryAfterOf } from './retry-after.ts'
export { retryBudget, type RetryBudget, type RetryBudgetOptions } from './retry-budget.ts'
export { isRetryable } from './retryable.ts'
export { retry, type RetryEvent, type RetryOptions } from './retry.ts'
export type { Scope } from './scope.ts'
export {
  sharedCircuitBreaker,
  type SharedCircuitBreaker,
  type SharedCircuitBreakerOptions,
} from './shared-circuit-breaker.ts'
export { timeout, type TimeoutOptions } from './timeout.ts'
