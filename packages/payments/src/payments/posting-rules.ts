import type { LedgerAccount } from '../ledger/account.ts'
import type { LedgerLine } from '../ledger/entry.ts'
import type { Payment, Transfer } from './payment.ts'

/** One way that money went because of a record: from the credited account to the debited one. */
export interface Flow {
  readonly debit: LedgerAccount
  readonly credit: LedgerAccount
  /** Minor units, zero or more. */
  readonly amount: bigint
}

/** What the books should hold because of a record, by the name of the flow. */
export type Position = Readonly<Record<string, Flow>>

/** The accounts of one gateway in one currency. */
export function chartOf(gateway: string, currency: string) {
  const account = (code: string, kind: LedgerAccount['kind']): LedgerAccount => ({
    code: `${code}:${currency}`,
    currency,
    kind,
  })
  return {
    /** What the gateway holds for the host. */
    balance: account(`assets:gateway:${gateway}`, 'asset'),
    /** What it has sent and the bank has not yet. */
    transit: account(`assets:transit:${gateway}`, 'asset'),
    bank: account('assets:bank', 'asset'),
    /** Disputed money that may come back. */
    disputed: account(`assets:disputed:${gateway}`, 'asset'),
    sales: account('income:sales', 'income'),
    refunds: account('income:refunds', 'income'),
    fees: account(`expenses:fees:${gateway}`, 'expense'),
    disputeFees: account(`expenses:dispute-fees:${gateway}`, 'expense'),
    disputeLosses: account(`expenses:disputes:${gateway}`, 'expense'),
    payouts: account('expenses:payouts', 'expense'),
  }
}

/** A payment earns what was captured of it. Refunds and fees stand at their own records. */
export function paymentPosition({ gateway, captured }: Payment): Position {
  const { balance, sales } = chartOf(gateway, captured.currency)
  return { sale: { debit: balance, credit: sales, amount: captured.amount } }
}

/** What is reserved and may still be taken. */
export function reservedAmount({ state, authorised, captured }: Payment): bigint {
  return state === 'authorised' && authorised.amount > captured.amount ? authorised.amount - captured.amount : 0n
}

/** What a capture, refund, payout or dispute does to the books. */
export function transferPosition(transfer: Transfer): Position {
  const { gateway, kind, state, amount, fee, withdrawn, reinstated, toBank } = transfer
  const chart = chartOf(gateway, amount.currency)
  const flow = (debit: LedgerAccount, credit: LedgerAccount, value: bigint): Flow => ({ debit, credit, amount: value })
  const lives = state !== 'failed' && state !== 'cancelled'
  switch (kind) {
    case 'capture':
      return { fee: flow(...feeAccounts(transfer), lives ? fee.amount : 0n) }
    case 'refund':
      return { refund: flow(chart.refunds, chart.balance, lives ? amount.amount : 0n) }
    case 'payout':
      return {
        sent: flow(chart.transit, chart.balance, lives ? amount.amount : 0n),
        arrived: flow(toBank ? chart.bank : chart.payouts, chart.transit, state === 'paid' ? amount.amount : 0n),
      }
    case 'dispute': {
      const held = withdrawn.amount - reinstated.amount
      const lost = state === 'lost' || state === 'accepted' || state === 'closed'
      return {
        held: flow(chart.disputed, chart.balance, held > 0n ? held : 0n),
        lost: flow(chart.disputeLosses, chart.disputed, lost && held > 0n ? held : 0n),
        fee: flow(chart.disputeFees, chart.balance, fee.amount > 0n ? fee.amount : 0n),
      }
    }
  }
}

/** A fee may be in the currency of the settlement, not of the payment. */
function feeAccounts({ gateway, fee }: Transfer): readonly [LedgerAccount, LedgerAccount] {
  const chart = chartOf(gateway, fee.currency)
  return [chart.fees, chart.balance]
}

/** The lines that bring the books from one position to another, and the accounts that they need. */
export function linesBetween(
  before: Position | undefined,
  after: Position,
): { readonly lines: LedgerLine[]; readonly accounts: readonly LedgerAccount[] } {
  const lines: LedgerLine[] = []
  const accounts = new Map<string, LedgerAccount>()
  const move = ({ debit, credit }: Flow, amount: bigint): void => {
    if (amount === 0n) return
    for (const account of [debit, credit]) accounts.set(account.code, account)
    const [to, from] = amount > 0n ? [debit.code, credit.code] : [credit.code, debit.code]
    lines.push({
      debit: to,
      credit: from,
      amount: { amount: amount > 0n ? amount : -amount, currency: debit.currency },
    })
  }
  for (const [name, flow] of Object.entries(after)) {
    const old = before?.[name]
    if (old === undefined) move(flow, flow.amount)
    else if (old.debit.code === flow.debit.code && old.credit.code === flow.credit.code)
      move(flow, flow.amount - old.amount)
    else {
      move(old, -old.amount)
      move(flow, flow.amount)
    }
  }
  return { lines, accounts: [...accounts.values()] }
}
