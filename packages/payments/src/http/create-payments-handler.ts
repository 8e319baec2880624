import type { FetchHandler } from '@exprsn/core/http'
import { paymentsRouter, type PaymentsRouterOptions } from './payments-router.ts'

/**
 * Serves payments over HTTP: `POST /payments`, `POST /payments/:id/refunds`, `GET /payments?order=…`, the books, and the
 * gateways' webhooks. The description stands in `openapi.json` of the package.
 *
 * @example
 * ```ts
 * import { sqliteDatabase } from '@exprsn/core/database'
 * import { createPayments } from '@exprsn/payments'
 * import { stripeGateway } from '@exprsn/payments/drivers/stripe'
 * import { createPaymentsHandler } from '@exprsn/payments/http'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * const payments = createPayments({ database, gateways: { stripe: stripeGateway({ apiKey: 'sk_test_1' }) } })
 * const handler = createPaymentsHandler({ payments, auth: false })
 * const response = await handler(new Request('http://localhost/webhooks/unknown', { method: 'POST', body: '{}' }))
 * console.log(response.status) // 404
 * ```
 */
export function createPaymentsHandler(options: PaymentsRouterOptions): FetchHandler {
  return paymentsRouter(options).fetch
}
