import { migrate, sqliteDatabase } from '@exprsn/core/database'
import { createNotify, type Channel } from '@exprsn/core/notify'
import { createPayments } from '@exprsn/payments'
import { createDisputes } from '@exprsn/payments/dispute'
import { createReconciliation } from '@exprsn/payments/reconcile'
import type { World } from './world.ts'

/** Our own side: payments, disputes and the reconciliation in one database, and somebody who is told. */
export async function openBooks({ gateways, clock, random }: World, told: (title: string) => void) {
  const database = sqliteDatabase({ path: ':memory:' }) // or postgresDatabase({ pool })
  const desk: Channel = {
    kind: 'desk',
    send: async ({ notifications }) => notifications.forEach(({ title }) => told(title)),
  }
  const notify = createNotify({ channels: { desk }, database, clock })
  const payments = createPayments({ database, gateways, clock, random })
  const disputes = createDisputes({ database, payments, notify, clock })
  const reconciliation = createReconciliation({
    database,
    gateways: Object.keys(gateways),
    ledger: payments.ledger,
    // A match by hand needs a second person.
    fourEyes: true,
    rules: { gatewayNames: { stripe: ['stripe'], paypal: ['paypal'], authorizenet: ['authorize', 'merchant bankcd'] } },
    clock,
  })
  await migrate(database, [payments.migrations, disputes.migrations, reconciliation.migrations, ...notify.migrations])

  /** What a scheduler does every minute. */
  async function sweep(): Promise<void> {
    for (let idle = false; !idle;) idle = (await payments.sweep()).idle
    await disputes.sweep()
    await notify.flush()
  }
  const close = async (): Promise<void> => {
    await notify.close()
    await payments.close()
    await database.close()
  }
  return { database, payments, disputes, reconciliation, notify, sweep, [Symbol.asyncDispose]: close }
}

/** What {@link openBooks} gives. */
export type Books = Awaited<ReturnType<typeof openBooks>>
