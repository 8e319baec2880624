import { createId, ExprsnError, type Clock } from '@exprsn/core'
import { migrate, type Database, type Queryable } from '@exprsn/core/database'
import { createPayments, type ChargeOutcome, type Payments } from '@exprsn/payments'
import { authorizeNetGateway } from '@exprsn/payments/drivers/authorizenet'
import { paypalGateway } from '@exprsn/payments/drivers/paypal'
import { stripeGateway } from '@exprsn/payments/drivers/stripe'
import type { PaymentGateway } from '@exprsn/payments/gateway'
import type { HostApp, HostOrder, HostWorld } from '@exprsn/payments/testing'
import { Client } from '@paypal/paypal-server-sdk'
import Stripe from 'stripe'

/** How the shop does its work: the right way, or with a bug planted. */
export interface ShopWays {
  /** Ships an order because of what its buyer is told, instead of what payments record. */
  readonly shipsOn?: ((outcome: ChargeOutcome) => boolean) | undefined
  readonly key?: ((order: HostOrder) => string) | undefined
  readonly charged?: ((order: HostOrder) => HostOrder['amount']) | undefined
  readonly tells?: ((outcome: ChargeOutcome) => 'paid' | 'declined' | 'pending') | undefined
  readonly refundKey?: ((key: string) => string) | undefined
  /** Ships what was paid, without noticing that it was shipped before. */
  readonly shipsAgain?: boolean | undefined
  readonly shipsOutside?: boolean | undefined
  readonly after?: ((payments: Payments, order: HostOrder, outcome: ChargeOutcome) => Promise<void>) | undefined
  readonly app?: Partial<HostApp> | undefined
  /** Replaces the whole checkout. */
  readonly checkout?:
    | ((order: HostOrder, gateways: Readonly<Record<string, PaymentGateway>>) => ReturnType<HostApp['checkout']>)
    | undefined
}

/** A small shop: it ships each order once it is paid for, in the transaction that records the payment. */
export async function openShop(world: HostWorld, ways: ShopWays = {}): Promise<HostApp> {
  const { database, clock, random } = world
  const gateways = gatewaysOf(world, clock)
  const ship = (order: string, tx: Queryable): Promise<unknown> =>
    tx.query('insert into shipments (id, order_id) values ($1, $2) on conflict do nothing', [
      ways.shipsAgain === true ? createId() : order,
      order,
    ])
  const payments = createPayments({
    database,
    gateways,
    clock,
    random,
    async onChange(change, tx) {
      if (ways.shipsOn !== undefined || change.kind !== 'payment') return
      if (ways.shipsAgain !== true && change.before.state === 'captured') return
      if (change.payment.state === 'captured')
        await ship(change.payment.order!, ways.shipsOutside === true ? database : tx)
    },
  })
  await migrate(database, [payments.migrations])
  await database.query('create table if not exists shipments (id text primary key, order_id text not null)')
  const { key = ({ id, attempt }) => `${id}/${attempt}`, charged = ({ amount }) => amount } = ways
  const { tells = wordFor, refundKey = (given) => given, shipsOn, after } = ways
  return {
    payments,
    async checkout(order) {
      if (ways.checkout !== undefined) return ways.checkout(order, gateways)
      const { id, gateway, token } = order
      const method = { kind: 'token', token } as const
      try {
        const command = { gateway, amount: charged(order), method, order: id, key: key(order) }
        const outcome = await payments.charge(command)
        if (shipsOn?.(outcome) === true) await ship(id, database)
        await after?.(payments, order, outcome)
        return tells(outcome)
      } catch (error) {
        // A token that is too old: nothing was done, and it is certain.
        if (ExprsnError.is(error) && error.code === 'PAYMENTS_GATEWAY_REQUEST_REFUSED') return 'declined'
        throw error
      }
    },
    async refund(order, amount, given) {
      const payment = (await payments.paymentsOf(order.id)).find(({ captured }) => captured.amount > 0n)
      return payment && payments.refund({ payment, amount, key: refundKey(given) })
    },
    fulfilled: ({ id }) => shipments(database, id),
    ...ways.app,
  }
}

function wordFor({ status }: ChargeOutcome): 'paid' | 'declined' | 'pending' {
  return status === 'succeeded' ? 'paid' : status === 'declined' ? 'declined' : 'pending'
}

async function shipments(database: Database, order: string): Promise<number> {
  const { rows } = await database.query<{ n: number }>('select count(*) as n from shipments where order_id = $1', [
    order,
  ])
  return rows[0]!.n
}

function gatewaysOf({ stripe, paypal, authorizenet }: HostWorld, clock: Clock) {
  const { certificates: webhookCertificates, roots: webhookRoots } = paypal
  const { apiLoginId, transactionKey, signatureKey } = authorizenet
  return {
    stripe: stripeGateway({
      client: new Stripe(stripe.apiKey, { ...stripe.clientConfig }),
      ...{ clock, webhookSecrets: [stripe.webhookSecret] },
    }),
    paypal: paypalGateway({
      client: new Client({ ...paypal.clientConfig }),
      ...{ clock, baseUrl: paypal.url, webhookIds: [paypal.webhookId], webhookCertificates, webhookRoots },
    }),
    authorizenet: authorizeNetGateway({
      ...{ apiLoginId, transactionKey, signatureKeys: [signatureKey], baseUrl: authorizenet.url, clock },
    }),
  }
}
