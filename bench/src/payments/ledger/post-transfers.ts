import { createHash } from 'node:crypto'
import { migrate, type Database } from '@exprsn/core/database'
import { createLedger, type Ledger } from '@exprsn/payments/ledger'

const accounts = Array.from({ length: 100 }, (_, index) => `assets:a${index}`)

/** One transfer of the workload: two of a hundred accounts and an amount in cents. */
export interface BenchTransfer {
  readonly id: string
  readonly debit: string
  readonly credit: string
  readonly amount: bigint
}

/** The same transfers for everybody. */
export function transfersOf(count: number): readonly BenchTransfer[] {
  return Array.from({ length: count }, (_, index) => {
    const from = (index * 7_919) % 100
    const to = (from + 1 + ((index * 104_729) % 99)) % 100
    return { id: `t${index}`, debit: accounts[from]!, credit: accounts[to]!, amount: BigInt(1 + (index % 10_000)) }
  })
}

/** The balances as one digest: what every subject must agree on. */
export function digestOf(balances: ReadonlyMap<string, bigint>): string {
  const text = accounts.map((code) => balances.get(code) ?? 0n).join()
  return createHash('sha256').update(text).digest('hex')
}

/** Ours, with a hundred accounts, on an empty database. */
export async function openLedger(database: Database): Promise<Ledger> {
  const ledger = createLedger({ database })
  await migrate(database, [ledger.migrations])
  await ledger.openAccounts(accounts.map((code) => ({ code, currency: 'EUR', kind: 'asset' })))
  return ledger
}

/** Transfers per second when each is asked for by a caller of its own, and what the books say then. */
export async function postAll(
  ledger: Ledger,
  transfers: readonly BenchTransfer[],
): Promise<{ readonly rate: number; readonly hash: string }> {
  const began = performance.now()
  const outcomes = await Promise.all(
    transfers.map(({ id, debit, credit, amount }) =>
      ledger.post({ id, lines: [{ debit, credit, amount: { amount, currency: 'EUR' } }] }),
    ),
  )
  const rate = transfers.length / ((performance.now() - began) / 1_000)
  if (!outcomes.every(({ status }) => status === 'posted')) return { rate, hash: 'a transfer was refused' }
  const balances = new Map<string, bigint>()
  for await (const { code, balance } of ledger.accounts()) balances.set(code, balance)
  return { rate, hash: digestOf(balances) }
}
