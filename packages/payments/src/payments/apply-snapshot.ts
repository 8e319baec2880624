import type { Queryable } from '@exprsn/core/database'
import type { CustomerSnapshot, GatewaySnapshot, PaymentSnapshot } from '../gateway/snapshot.ts'
import type { LedgerAccount } from '../ledger/account.ts'
import type { LedgerLine } from '../ledger/entry.ts'
import { ledgerErrors } from '../ledger/errors.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { mergePayment, mergeTransfer } from './merge-snapshot.ts'
import type { Payment, PaymentChange, Transfer } from './payment.ts'
import type { PaymentStore, StoredPayment } from './payment-store.ts'
import { linesBetween, paymentPosition, reservedAmount, transferPosition, chartOf } from './posting-rules.ts'
import { transferOf } from './transfer-of.ts'

/** What applying reports needs. */
export interface ApplyContext {
  readonly store: PaymentStore
  readonly ledger: Ledger
  readonly now: number
  readonly onChange: ((change: PaymentChange, tx: Queryable) => Promise<void> | void) | undefined
}

/** Where a report comes from. */
export interface ReportSource {
  readonly gateway: string
  /** The payment that the command was about, when its reference is not known yet. */
  readonly payment?: string | undefined
  /** The report is the present state, asked for just now. @default false */
  readonly asked?: boolean | undefined
  /** Of a payout: whether it goes to the host's bank account. @default true */
  readonly toBank?: boolean | undefined
}

/**
 * What came of a report: `applied` (perhaps it said nothing new), `ask` the gateway since the order cannot be told,
 * `unknown` when it is about a payment that is not known here (yet).
 */
export type Applied = 'applied' | 'ask' | 'unknown'

/**
 * Records what a gateway reports, and posts the difference that it makes to the books, in the caller's transaction.
 */
export async function applySnapshot(
  context: ApplyContext,
  tx: Queryable,
  source: ReportSource,
  report: GatewaySnapshot | CustomerSnapshot,
): Promise<Applied> {
  switch (report.kind) {
    case 'payment':
      return applyPayment(context, tx, source, report)
    case 'method':
      await context.store.saveMethod(tx, source.gateway, report)
      return 'applied'
    case 'customer':
      if (report.id !== undefined) await context.store.saveCustomer(tx, source.gateway, report.id, report)
      return 'applied'
    case 'payout':
      return applyTransfer(context, tx, transferOf(source.gateway, undefined, report, source.toBank ?? true))
    default: {
      const owner = await ownerOf(context, tx, source, report)
      if (owner === undefined) return 'unknown'
      if (report.kind === 'dispute')
        await context.store.reports.keep(tx, { gateway: source.gateway, payment: owner, report, now: context.now })
      return applyTransfer(context, tx, transferOf(source.gateway, owner, report, true))
    }
  }
}

/** The payment that a capture, refund or dispute belongs to. */
async function ownerOf(
  { store }: ApplyContext,
  tx: Queryable,
  source: ReportSource,
  report: { readonly reference: string; readonly payment: string | undefined; readonly capture?: string | undefined },
): Promise<string | undefined> {
  const { gateway } = source
  if (source.payment !== undefined) return source.payment
  if (report.payment !== undefined) return (await store.paymentOf(tx, gateway, report.payment))?.payment.id
  if (report.capture === undefined) return undefined
  const capture = await store.lockTransfer(tx, { gateway, kind: 'capture', reference: report.capture })
  return capture?.transfer.payment
}

async function applyPayment(
  context: ApplyContext,
  tx: Queryable,
  source: ReportSource,
  report: PaymentSnapshot,
): Promise<Applied> {
  const { store } = context
  const found = await findPayment(context, tx, source, report)
  const stored = found && (await store.lockFound(tx, found))
  if (stored === undefined) return 'unknown'
  const merged = mergePayment(stored.payment, report, source.asked ?? false)
  if (merged.change === 'newer') await savePayment(context, tx, stored, merged.record)
  for (const part of [...report.captures, ...report.refunds])
    await applyTransfer(context, tx, transferOf(source.gateway, stored.payment.id, part, true))
  return merged.change === 'ask' ? 'ask' : 'applied'
}

function findPayment(
  { store }: ApplyContext,
  tx: Queryable,
  { gateway, payment }: ReportSource,
  { reference, key }: PaymentSnapshot,
): Promise<StoredPayment | undefined> {
  if (payment !== undefined) return store.payment(tx, payment)
  return store
    .paymentOf(tx, gateway, reference)
    .then((found) => found ?? (key === undefined ? undefined : store.paymentByKey(tx, gateway, key)))
}

async function savePayment(context: ApplyContext, tx: Queryable, stored: StoredPayment, next: Payment): Promise<void> {
  const { store, ledger, now, onChange } = context
  const version = stored.version + 1
  const payment = { ...next, updatedAt: new Date(now) }
  const entry = `payment/${payment.id}/${version}`
  const { lines, accounts, reserve, reserveAmount } = paymentLines(stored, payment, entry)
  await store.updatePayment(tx, { ...stored, payment, version, reserve, reserveAmount })
  await onChange?.({ kind: 'payment', payment, before: stored.payment }, tx)
  await postLines(ledger, tx, { entry, lines, accounts, reference: payment.id, now })
}

/** What was reserved becomes a sale when it is taken; what may still be taken is reserved anew. */
function paymentLines(stored: StoredPayment, next: Payment, entry: string) {
  const between = linesBetween(paymentPosition(stored.payment), paymentPosition(next))
  const accounts = new Map(between.accounts.map((account) => [account.code, account]))
  const lines: LedgerLine[] = []
  const wanted = reservedAmount(next)
  const taken = next.captured.amount - stored.payment.captured.amount
  if (wanted === stored.reserveAmount && taken === 0n)
    return { lines, accounts: [], reserve: stored.reserve, reserveAmount: stored.reserveAmount }
  if (stored.reserve !== undefined && taken > 0n && taken <= stored.reserveAmount)
    lines.push({ kind: 'post', reserve: stored.reserve, amount: { amount: taken, currency: next.captured.currency } })
  else {
    if (stored.reserve !== undefined) lines.push({ kind: 'release', reserve: stored.reserve })
    lines.push(...between.lines)
  }
  if (wanted === 0n) return { lines, accounts: [...accounts.values()], reserve: undefined, reserveAmount: 0n }
  const { balance, sales } = chartOf(next.gateway, next.amount.currency)
  for (const account of [balance, sales]) accounts.set(account.code, account)
  const amount = { amount: wanted, currency: next.amount.currency }
  lines.push({ kind: 'reserve', debit: balance.code, credit: sales.code, amount })
  return {
    lines,
    accounts: [...accounts.values()],
    reserve: `${entry}#${lines.length}`,
    reserveAmount: wanted,
  }
}

async function applyTransfer(context: ApplyContext, tx: Queryable, report: Transfer): Promise<Applied> {
  const { store, ledger, now, onChange } = context
  const stored = await store.lockTransfer(tx, report)
  const merged = mergeTransfer(stored?.transfer, report)
  if (merged.change !== 'newer') return 'applied'
  const { record } = merged
  const version = (stored?.version ?? 0) + 1
  // Somebody else made it in the meantime: their transaction has ended, so that it can be read now.
  if (!(await store.saveTransfer(tx, record, version))) return applyTransfer(context, tx, report)
  await onChange?.({ kind: 'transfer', transfer: record, before: stored?.transfer }, tx)
  const before = stored && transferPosition(stored.transfer)
  const { lines, accounts } = linesBetween(before, transferPosition(record))
  const entry = `${record.kind}/${record.gateway}/${record.reference}/${version}`
  await postLines(ledger, tx, { entry, lines, accounts, reference: record.payment ?? record.reference, now })
  return 'applied'
}

async function postLines(
  ledger: Ledger,
  tx: Queryable,
  {
    entry,
    lines,
    accounts,
    reference,
    now,
  }: {
    readonly entry: string
    readonly lines: readonly LedgerLine[]
    readonly accounts: readonly LedgerAccount[]
    readonly reference: string
    readonly now: number
  },
): Promise<void> {
  if (lines.length === 0) return
  await ledger.openAccounts(accounts, { tx })
  const outcome = await ledger.post({ id: entry, lines, reference, occurredAt: new Date(now) }, { tx })
  if (outcome.status !== 'posted') throw ledgerRefused(entry, outcome)
}

function ledgerRefused(entry: string, outcome: { readonly status: string }) {
  return ledgerErrors.PAYMENTS_LEDGER_ENTRY_INVALID({ entry, reason: `the books answered ${JSON.stringify(outcome)}` })
}
