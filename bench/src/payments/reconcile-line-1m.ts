import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { migrate, sqliteDatabase } from '@exprsn/core/database'
import { createReconciliation, type OurRecord } from '@exprsn/payments/reconcile'
import type { Benchmark } from '../../../scripts/bench/benchmark.ts'

const gateways = ['stripe']
const portion = 5_000
const lines = 200
const euros = (amount: bigint) => ({ amount, currency: 'EUR' })

function order(at: number): OurRecord {
  const amount = euros(BigInt(990 + (at % 40) * 500))
  const occurredAt = new Date(Date.UTC(2026, 9, 1 + (at % 28)))
  const id = `ORD-${String(at).padStart(8, '0')}`
  return {
    id,
    kind: 'charge',
    amount,
    occurredAt,
    order: id,
    keys: [`ch_${(at * 7_919).toString(36).padStart(8, '0')}`],
  }
}

/** A database of SQLite in which so many orders, of 40 prices, wait for their line. It is kept for the next run. */
async function openOrders(count: number): Promise<string> {
  const path = fileURLToPath(new URL(`../../../.artifacts/bench/reconcile-open-${count}.db`, import.meta.url))
  if (existsSync(path)) return path
  const begun = `${path}.new`
  mkdirSync(dirname(path), { recursive: true })
  for (const suffix of ['', '-wal', '-shm']) rmSync(begun + suffix, { force: true })
  const database = sqliteDatabase({ path: begun })
  const reconciliation = createReconciliation({ database, gateways })
  await migrate(database, [reconciliation.migrations])
  for (let from = 0; from < count; from += portion)
    await reconciliation.add({ ours: Array.from({ length: portion }, (_, at) => order(from + at)) })
  await database.close()
  renameSync(begun, path)
  return path
}

/** A line of a gateway is added to a reconciliation in which a million orders are open: CPU time of one, its match included. */
export const benchmark: Benchmark = {
  name: 'payments/reconcile-line-1m',
  unit: 'ms',
  measure: 'cpu',
  better: 'lower',
  target: 5,
  peers: [],
  async prepare({ quick }) {
    const count = quick ? 100_000 : 1_000_000
    const database = sqliteDatabase({ path: await openOrders(count) })
    const reconciliation = createReconciliation({ database, gateways })
    const done = new Error('nothing of it is kept')
    return {
      async run() {
        const hash = createHash('sha256')
        const before = process.cpuUsage()
        await database
          .transaction(async (tx) => {
            for (let at = 0; at < lines; at++) {
              const { id, amount, occurredAt, keys } = order(Math.floor((at * count) / lines))
              // One in four says the order in its text alone.
              const named = at % 4 === 0 ? { key: `${id}/1` } : { source: keys![0]! }
              const line = {
                reference: `txn_${at}`,
                kind: 'charge',
                gross: amount,
                fee: euros(30n),
                occurredAt,
              } as const
              const net = euros(amount.amount - 30n)
              const { matched } = await reconciliation.add(
                { settlements: { stripe: [{ ...line, net, ...named }] } },
                { tx },
              )
              hash.update(`${matched} `)
              if (matched !== 1) throw new Error(`the line of ${id} found ${matched} matches`)
            }
            throw done
          })
          .catch((error: unknown) => {
            if (error !== done) throw error
          })
        const { user, system } = process.cpuUsage(before)
        return { value: (user + system) / 1_000 / lines, hash: hash.digest('hex') }
      },
      close: () => database.close(),
    }
  },
}
