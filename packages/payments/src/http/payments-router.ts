import type { Clock, Logger } from '@exprsn/core'
import type { Rule } from '@exprsn/core/auth'
import { createRouter, type RouteContext, type Router, type RouterOptions } from '@exprsn/core/http'
import { createCardGuard } from '../gateway/card-guard.ts'
import { money, type Money } from '../money/money.ts'
import { createWebhookHandler } from '../payments/create-webhook-handler.ts'
import type { Payments } from '../payments/payments.ts'
import { ledgerRoutes } from './ledger-routes.ts'
import {
  captureSchema,
  chargeOutcomeSchema,
  chargeSchema,
  keySchema,
  onePaymentSchema,
  orderSchema,
  paymentOutcomeSchema,
  paymentsSchema,
  payoutSchema,
  refundSchema,
  sweepSchema,
  transferOutcomeSchema,
  transfersSchema,
} from './schemas.ts'
import { shown } from '../money/shown.ts'

/** Options of {@link paymentsRouter} and `createPaymentsHandler`. */
export interface PaymentsRouterOptions extends Pick<RouterOptions, 'rateLimit' | 'prefix'> {
  /** What answers the routes. */
  readonly payments: Payments
  /**
   * Who may ask. Whoever may, can move money: `false` only where nobody else reaches it. Webhooks are open to all, since their
   * signature says whose they are; those authenticated by a cookie are refused from other sites.
   */
  readonly auth: Exclude<RouterOptions['auth'], undefined> | false
  /** What is needed besides: `read` to see payments and books, `move` to move money. @default anybody who may ask */
  readonly allow?:
    | { readonly read?: Rule<RouteContext> | undefined; readonly move?: Rule<RouteContext> | undefined }
    | undefined
  /** Told about what goes wrong on our side. @default silentLogger */
  readonly logger?: Logger | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/**
 * Payments over HTTP as a router, to be mounted into the host's own: charges, captures, refunds, payouts, records, books and
 * the gateways' webhooks. Declines, refusals and unknown outcomes are answers with status 200; problems say what was certainly
 * not done. Card numbers are refused wherever they stand in a body.
 *
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { createPayments } from '@exprsn/payments'
 * import { stripeGateway } from '@exprsn/payments/drivers/stripe'
 * import { paymentsRouter } from '@exprsn/payments/http'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * const payments = createPayments({ database, gateways: { stripe: stripeGateway({ apiKey: 'sk_test_1' }) } })
 * await migrate(database, [payments.migrations])
 * const router = paymentsRouter({ payments, auth: false })
 * const response = await router.fetch(new Request('http://localhost/payments?order=A-1001'))
 * console.log(await response.json()) // { payments: [] }
 * ```
 */
export function paymentsRouter(options: PaymentsRouterOptions): Router {
  const { payments, auth, allow = {}, rateLimit, prefix, logger, clock } = options
  const { read, move } = allow
  const tags = ['payments']
  const guard = createCardGuard()
  /** Before anything else is done with a body. */
  const clean = <Body>(body: Body): Body => {
    guard.check(body)
    return body
  }

  return createRouter({ auth: auth === false ? undefined : auth, rateLimit, prefix, logger, clock })
    .route({
      method: 'POST',
      path: '/payments',
      summary: 'Takes money, or reserves it',
      description: 'With the same key it is the same charge. `unknown` is resolved by webhooks and sweeps.',
      tags,
      allow: move,
      body: chargeSchema,
      responses: {
        200: chargeOutcomeSchema,
        409: 'The key belongs to another charge.',
        422: 'A card number, or refused.',
      },
      handler: async ({ body, signal }) => {
        const { amount, ...command } = clean(body)
        return shown(await payments.charge({ ...command, amount: moneyOf(amount), signal }))
      },
    })
    .route({
      method: 'GET',
      path: '/payments',
      summary: 'The payments of an order, the oldest first',
      tags,
      allow: read,
      query: orderSchema,
      responses: { 200: paymentsSchema },
      handler: async ({ query }) => shown({ payments: await payments.paymentsOf(query.order) }),
    })
    .route({
      method: 'GET',
      path: '/payments/:id',
      summary: 'One payment',
      tags,
      allow: read,
      responses: { 200: onePaymentSchema, 404: 'There is no such payment.' },
      handler: async ({ params }) => shown(await payments.payment(params.id)),
    })
    .route({
      method: 'GET',
      path: '/payments/:id/transfers',
      summary: 'Its captures, refunds and disputes',
      tags,
      allow: read,
      responses: { 200: transfersSchema, 404: 'There is no such payment.' },
      handler: async ({ params }) => shown({ transfers: await payments.transfersOf(params.id) }),
    })
    .route({
      method: 'POST',
      path: '/payments/:id/resume',
      summary: 'Goes on when the buyer is back',
      tags,
      allow: move,
      body: keySchema,
      responses: { 200: chargeOutcomeSchema, 404: 'There is no such payment.' },
      handler: async ({ params, body, signal }) =>
        shown(await payments.resume({ ...clean(body), payment: params.id, signal })),
    })
    .route({
      method: 'POST',
      path: '/payments/:id/capture',
      summary: 'Takes what is reserved, or a part of it',
      tags,
      allow: move,
      body: captureSchema,
      responses: { 200: paymentOutcomeSchema, 404: 'There is no such payment.' },
      handler: async ({ params, body, signal }) => {
        const { amount, ...command } = clean(body)
        return shown(await payments.capture({ ...command, payment: params.id, amount: moneyIf(amount), signal }))
      },
    })
    .route({
      method: 'POST',
      path: '/payments/:id/void',
      summary: 'Gives what is reserved free',
      tags,
      allow: move,
      body: keySchema,
      responses: { 200: paymentOutcomeSchema, 404: 'There is no such payment.' },
      handler: async ({ params, body, signal }) =>
        shown(await payments.void({ ...clean(body), payment: params.id, signal })),
    })
    .route({
      method: 'POST',
      path: '/payments/:id/refunds',
      summary: 'Gives money back',
      description: 'Never more than was captured, however many ask at the same moment.',
      tags,
      allow: move,
      body: refundSchema,
      responses: { 200: paymentOutcomeSchema, 404: 'There is no such payment.' },
      handler: async ({ params, body, signal }) => {
        const { amount, ...command } = clean(body)
        return shown(await payments.refund({ ...command, payment: params.id, amount: moneyIf(amount), signal }))
      },
    })
    .route({
      method: 'POST',
      path: '/payouts',
      summary: 'Pays money out',
      tags,
      allow: move,
      body: payoutSchema,
      responses: { 200: transferOutcomeSchema, 422: 'The gateway has no such payouts.' },
      handler: async ({ body, signal }) => {
        const { amount, ...command } = clean(body)
        return shown(await payments.payout({ ...command, amount: moneyOf(amount), signal }))
      },
    })
    .route({
      method: 'GET',
      path: '/payouts',
      summary: 'Payouts, at most 1,000',
      tags,
      allow: read,
      responses: { 200: transfersSchema },
      handler: async () => shown({ transfers: await payments.payouts() }),
    })
    .route({
      method: 'GET',
      path: '/disputes',
      summary: 'Disputes, at most 1,000',
      tags,
      allow: read,
      responses: { 200: transfersSchema },
      handler: async () => shown({ transfers: await payments.disputes() }),
    })
    .route({
      method: 'POST',
      path: '/disputes/:gateway/:dispute/accept',
      summary: 'Concedes a dispute',
      tags,
      allow: move,
      body: keySchema,
      responses: { 200: transferOutcomeSchema },
      handler: async ({ params: { gateway, dispute }, body, signal }) =>
        shown(await payments.acceptDispute({ ...clean(body), gateway, dispute, signal })),
    })
    .route({
      method: 'POST',
      path: '/sweep',
      summary: 'Does what is due: call it every minute',
      tags,
      allow: move,
      responses: { 200: sweepSchema },
      handler: ({ signal }) => payments.sweep({ signal }),
    })
    .route({
      method: 'POST',
      path: '/webhooks/:gateway',
      summary: 'Where a gateway sends its events',
      description: 'The signature over the raw body says whose they are.',
      tags,
      auth: false,
      csrf: false,
      responses: { 200: 'The events are kept.', 400: 'It is not from the gateway.', 404: 'There is no such gateway.' },
      handler: ({ request, params }) => createWebhookHandler(payments, { gatewayOf: () => params.gateway })(request),
    })
    .mount('', ledgerRoutes(payments, { read, auth }))
}

function moneyOf({ value, currency }: { readonly value: string; readonly currency: string }): Money {
  return money(value, currency)
}

function moneyIf(given: { readonly value: string; readonly currency: string } | undefined): Money | undefined {
  return given && moneyOf(given)
}
