/**
 * Rate limits and circuit votes that several processes share through the host's database.
 *
 * @packageDocumentation
 */
export { databaseCircuitStore, type DatabaseCircuitStoreOptions } from './database-circuit-store.ts'
export {
  databaseRateLimiter,
  type DatabaseRateLimiter,
  type DatabaseRateLimiterOptions,
} from './database-rate-limiter.ts'
export { resilienceMigrations } from './migrations.ts'
