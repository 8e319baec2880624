import type { PaymentSnapshot } from '../gateway/snapshot.ts'
import { stageRank } from '../gateway/dispute-stage.ts'
import { stateRank } from '../gateway/state.ts'
import type { Money } from '../money/money.ts'
import type { Payment, Transfer } from './payment.ts'

/** What a report does to what is known. */
export type Merged<Record> =
  | { readonly change: 'newer'; readonly record: Record }
  | { readonly change: 'none' }
  /** Neither is the later one: only the gateway can tell. */
  | { readonly change: 'ask' }

/**
 * Brings a report of a payment and what is known together: of two the one that is further holds, by the rank of the state,
 * then by what was taken, then by what was reserved. The order is total, so that any order of reports gives the same end.
 *
 * @param asked Whether the report is the answer to a question of ours: then it holds among those of one rank.
 */
export function mergePayment(known: Payment, report: PaymentSnapshot, asked: boolean): Merged<Payment> {
  const order = compareLists(
    [BigInt(stateRank('payment', report.state)), report.captured.amount, report.authorised.amount],
    [BigInt(stateRank('payment', known.state)), known.captured.amount, known.authorised.amount],
  )
  if (order < 0) return { change: 'none' }
  if (order === 0 && report.state !== known.state && !asked) return { change: 'ask' }
  const { state, authorised, captured, method = known.method, decline, nextAction } = report
  const record: Payment = {
    ...known,
    reference: known.reference ?? report.reference,
    state,
    authorised,
    captured,
    method,
    decline: state === 'declined' ? (decline ?? known.decline) : undefined,
    nextAction: state === 'requires_action' ? (nextAction ?? known.nextAction) : undefined,
  }
  return isSameRecord(known, record) ? { change: 'none' } : { change: 'newer', record }
}

/** The same for a capture, refund, payout or dispute: the rank of the state, then how much was moved. */
export function mergeTransfer(known: Transfer | undefined, report: Transfer): Merged<Transfer> {
  if (known === undefined) return { change: 'newer', record: report }
  const order = compareLists(weightOf(report), weightOf(known))
  const fee = order > 0 ? (report.fee.amount === 0n ? known.fee : report.fee) : larger(known.fee, report.fee)
  const winner = order > 0 ? report : known
  const record: Transfer = {
    ...winner,
    fee: report.kind === 'dispute' ? winner.fee : fee,
    payment: known.payment ?? report.payment,
    key: known.key ?? report.key,
    toBank: known.toBank && report.toBank,
    reason: winner.reason ?? known.reason ?? report.reason,
    evidenceDueBy: winner.evidenceDueBy ?? known.evidenceDueBy ?? report.evidenceDueBy,
    arrivesAt: winner.arrivesAt ?? known.arrivesAt ?? report.arrivesAt,
    // What was moved is counted from the beginning: of two totals the larger is the later.
    withdrawn: larger(known.withdrawn, report.withdrawn),
    reinstated: larger(known.reinstated, report.reinstated),
  }
  return isSameRecord(known, record) ? { change: 'none' } : { change: 'newer', record }
}

/**
 * A dispute that goes to its next stage is the later one, whatever its state; within one stage the time of the change says it
 * where the gateway tells, then what was moved, since money comes back only after it was taken.
 */
function weightOf({ kind, state, withdrawn, reinstated, fee, stage, changedAt }: Transfer): readonly bigint[] {
  const rank = BigInt(stateRank(kind, state))
  if (kind !== 'dispute') return [rank]
  const moved = withdrawn.amount + reinstated.amount
  return [BigInt(stageRank(stage ?? 'chargeback')), BigInt(changedAt?.getTime() ?? 0), moved, rank, fee.amount]
}

function compareLists(left: readonly bigint[], right: readonly bigint[]): number {
  for (const [index, value] of left.entries()) if (value !== right[index]) return value > right[index]! ? 1 : -1
  return 0
}

function larger(left: Money, right: Money): Money {
  return right.amount > left.amount ? right : left
}

/** Nothing is changed by a field that is undefined, or left out: what was stored as JSON has lost those. */
function isSameRecord(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false
  if (left instanceof Date || right instanceof Date)
    return left instanceof Date && right instanceof Date && left.getTime() === right.getTime()
  const [ours, theirs] = [left as Readonly<Record<string, unknown>>, right as Readonly<Record<string, unknown>>]
  for (const name in ours) if (!isSameRecord(ours[name], theirs[name])) return false
  for (const name in theirs) if (theirs[name] !== undefined && ours[name] === undefined) return false
  return true
}
