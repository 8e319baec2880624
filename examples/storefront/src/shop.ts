import { createId, type Clock, type Random } from '@exprsn/core'
import type { Database, MigrationSet } from '@exprsn/core/database'
import { createPayments, money, type ChargeOutcome, type Money, type Payments } from '@exprsn/payments'
import type { PaymentGateway } from '@exprsn/payments/gateway'

/** What is for sale. */
export const goods: Readonly<Record<string, { readonly name: string; readonly price: Money }>> = {
  tea: { name: 'Darjeeling, 250 g', price: money('12.90', 'EUR') },
  pot: { name: 'Teapot', price: money('39.00', 'EUR') },
}

/** The shop's own tables. */
export const shopMigrations: MigrationSet = {
  name: 'storefront',
  migrations: [
    {
      id: '001-orders',
      sql: `create table orders (id text primary key, item text not null, cents bigint not null, attempt bigint not null);
            create table shipments (order_id text primary key, cents bigint not null)`,
    },
  ],
}

/** An order as its buyer sees it. */
export interface OrderView {
  readonly id: string
  readonly item: string
  readonly status: 'open' | 'paid' | 'pending'
  readonly shipped: boolean
}

/** The shop's checkout. */
export interface Shop {
  readonly payments: Payments
  /** @returns undefined when there is no such item */
  order(item: string): Promise<string | undefined>
  /**
   * Charges an order with a token. Pressed twice, it is the same charge; after a decline the next card is another.
   *
   * @returns undefined when there is no such order
   */
  pay(id: string, token: string): Promise<ChargeOutcome | undefined>
  view(id: string): Promise<OrderView | undefined>
}

/** Puts orders and payments together. The goods are shipped in the transaction that records the money, thus exactly once. */
export function createShop(options: {
  readonly database: Database
  readonly gateway: PaymentGateway
  readonly clock?: Clock | undefined
  readonly random?: Random | undefined
}): Shop {
  const { database, gateway, clock, random } = options
  const payments = createPayments({
    database,
    gateways: { stripe: gateway },
    clock,
    random,
    async onChange(change, tx) {
      if (change.kind !== 'payment' || change.payment.state !== 'captured' || change.before.state === 'captured') return
      const { order, captured } = change.payment
      await tx.query('insert into shipments (order_id, cents) values ($1, $2)', [order!, captured.amount])
    },
  })

  async function find(id: string) {
    const { rows } = await database.query<{ item: string; cents: number; attempt: number }>(
      'select item, cents, attempt from orders where id = $1',
      [id],
    )
    return rows[0]
  }

  return {
    payments,
    async order(item) {
      if (!Object.hasOwn(goods, item)) return undefined
      const id = createId()
      await database.query('insert into orders values ($1, $2, $3, 1)', [id, item, goods[item]!.price.amount])
      return id
    },
    async pay(id, token) {
      const order = await find(id)
      if (order === undefined) return undefined
      const { cents, attempt } = order
      const outcome = await payments.charge({
        gateway: 'stripe',
        amount: { amount: BigInt(cents), currency: 'EUR' },
        method: { kind: 'token', token },
        order: id,
        key: `${id}/${attempt}`,
      })
      // The next card is another charge. Told twice of the same decline, it is still the next one.
      if (outcome.status === 'declined')
        await database.query('update orders set attempt = $2 where id = $1 and attempt = $3', [
          id,
          attempt + 1,
          attempt,
        ])
      return outcome
    },
    async view(id) {
      const order = await find(id)
      if (order === undefined) return undefined
      const states = (await payments.paymentsOf(id)).map(({ state }) => state)
      const { rows } = await database.query('select 1 as one from shipments where order_id = $1', [id])
      const open = states.every((state) => state === 'declined')
      const status = states.includes('captured') ? 'paid' : open ? 'open' : 'pending'
      return { id, item: order.item, status, shipped: rows.length > 0 }
    },
  }
}
