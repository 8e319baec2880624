/**
 * Payments over HTTP.
 *
 * @packageDocumentation
 */
export { createPaymentsHandler } from './create-payments-handler.ts'
export { paymentsRouter, type PaymentsRouterOptions } from './payments-router.ts'
