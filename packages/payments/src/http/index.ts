/**
 * Payments, reconciliation and disputes over HTTP.
 *
 * @packageDocumentation
 */
export { createPaymentsHandler } from './create-payments-handler.ts'
export { disputesRouter, type DisputesRouterOptions } from './disputes-router.ts'
export { paymentsRouter, type PaymentsRouterOptions } from './payments-router.ts'
export { reconciliationRouter, type ReconciliationRouterOptions } from './reconciliation-router.ts'
