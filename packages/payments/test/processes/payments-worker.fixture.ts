import { flushCompileCache } from 'node:module'
import { ExprsnError, sleep } from '@exprsn/core'
import { postgresDatabase } from '@exprsn/core/drivers/postgres'
import { createPayments } from '../../src/payments/index.ts'
import { workerGateways, type WorkerOrder, type WorkerSettings } from './worker-gateways.ts'

/** A worker in a process of its own, to be killed: it charges every order and gives half of it back. */
const settings = JSON.parse(process.argv[2]!) as WorkerSettings
const database = postgresDatabase({ connection: settings.connection, max: 4 })
const payments = createPayments({ database, gateways: workerGateways(settings) })
// Who is killed writes nothing at its end.
flushCompileCache()
process.stdout.write('ready\n')
for (const order of settings.orders) while (!(await serve(order))) await sleep(50)
process.stdout.write('done\n')
await payments.close()
await database.close()

/** False when the database could not be reached: of an order that was left out, nothing would ever be in the middle. */
async function serve({ id, gateway, cents, currency, token }: WorkerOrder): Promise<boolean> {
  const amount = { amount: BigInt(cents), currency }
  try {
    const method = { kind: 'token', token } as const
    const outcome = await payments.charge({ gateway, amount, method, order: id, key: `${id}/1` })
    if (outcome.status !== 'succeeded') return true
    const half = { amount: BigInt(cents) / 2n, currency }
    await payments.refund({ payment: outcome.payment, amount: half, key: `${id}/refund` })
    return true
  } catch (error) {
    if (!ExprsnError.is(error)) throw error
    return !error.code.startsWith('CORE_DATABASE_')
  }
}
