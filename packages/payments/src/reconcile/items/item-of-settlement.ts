import type { SettlementLine } from '../../gateway/settlement-line.ts'
import { reconcileErrors } from '../errors.ts'
import { dayOf } from './day-of.ts'
import { legOf, type Item } from './item.ts'
import { referenceTokens } from './reference-tokens.ts'

/** A line of a gateway's settlement report. @throws `PAYMENTS_RECONCILE_INPUT_INVALID` when it does not add up */
export function itemOfSettlement(gateway: string, line: SettlementLine): Item {
  const { reference, kind, gross, fee, net, occurredAt, source, payment, key, payout } = line
  const id = `${gateway}:${reference}`
  const refuse = (field: string, reason: string) =>
    reconcileErrors.PAYMENTS_RECONCILE_INPUT_INVALID({ id, field, reason })
  if (gross.currency !== net.currency || fee.currency !== net.currency) throw refuse('net', 'is in another currency')
  if (gross.amount - fee.amount !== net.amount) throw refuse('net', 'is not its gross less its fee')
  const isPayout = legOf({ kind }) === 'payouts'
  const present = (values: readonly (string | undefined)[]) => values.filter((value) => value !== undefined)
  const keys = present([source, key, reference])
  const groups = present([payment])
  return {
    id,
    side: 'gateway',
    kind,
    amount: isPayout ? { amount: -gross.amount, currency: gross.currency } : gross,
    fee: fee.amount,
    day: dayOf(occurredAt, id),
    keys,
    groups,
    tokens: referenceTokens(...keys, ...groups),
    gateways: [gateway],
    name: undefined,
    original: undefined,
    reversal: kind === 'payout_failure' || kind === 'refund_failure' || kind === 'dispute_reversal',
    payout: isPayout ? (payout ?? source ?? reference) : payout,
  }
}
