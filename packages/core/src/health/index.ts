/**
 * Startup, liveness and readiness with cached checks, and readiness that ends before the listeners close.
 *
 * @packageDocumentation
 */
export { createHealth, type Health, type HealthComponent, type HealthOptions } from './create-health.ts'
export { healthErrors } from './errors.ts'
export type { CheckOutcome, CheckResult, HealthCheck, HealthStatus } from './health-check.ts'
export { createHealthHandler, type HealthHandlerOptions } from './health-handler.ts'
export type { HealthQuestion, HealthReport } from './health-report.ts'
