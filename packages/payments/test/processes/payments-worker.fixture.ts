import { ExprsnError } from '@exprsn/core'
import { postgresDatabase } from '@exprsn/core/drivers/postgres'
import { createPayments } from '../../src/payments/index.ts'
import { workerGateways, type WorkerSettings } from './worker-gateways.ts'

/** A worker in a process of its own, to be killed: it charges every order and gives half of it back. */
const settings = JSON.parse(process.argv[2]!) as WorkerSettings
const database = postgresDatabase({ connection: settings.connection, max: 4 })
const payments = createPayments({ database, gateways: workerGateways(settings) })
process.stdout.write('ready\n')
for (const { id, gateway, cents, currency, token } of settings.orders) {
  const amount = { amount: BigInt(cents), currency }
  try {
    const method = { kind: 'token', token } as const
    const outcome = await payments.charge({ gateway, amount, method, order: id, key: `${id}/1` })
    if (outcome.status !== 'succeeded') continue
    const half = { amount: BigInt(cents) / 2n, currency }
    await payments.refund({ payment: outcome.payment, amount: half, key: `${id}/refund` })
  } catch (error) {
    if (!ExprsnError.is(error)) throw error
  }
}
process.stdout.write('done\n')
await payments.close()
await database.close()
