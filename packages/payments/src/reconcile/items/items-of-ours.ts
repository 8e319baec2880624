import { reconcileErrors } from '../errors.ts'
import { dayOf } from './day-of.ts'
import type { Item } from './item.ts'
import type { OurRecord } from './our-record.ts'
import { referenceTokens } from './reference-tokens.ts'

/** The host's records as items. @throws `PAYMENTS_RECONCILE_INPUT_INVALID` */
export function itemOfOurs(record: OurRecord): Item {
  const { id, kind, amount, occurredAt, gateway, keys = [], payment, order, counterparty } = record
  const isIn = kind === 'charge' || kind === 'refund_failure' || kind === 'dispute_reversal'
  if (amount.amount !== 0n && isIn !== amount.amount > 0n)
    throw reconcileErrors.PAYMENTS_RECONCILE_INPUT_INVALID({
      ...{ id: `ours:${id}`, field: 'amount', reason: `has the wrong sign for a ${kind}` },
    })
  const groups = [payment, order].filter((each) => each !== undefined)
  return {
    id: `ours:${id}`,
    side: 'ours',
    kind,
    amount,
    fee: 0n,
    day: dayOf(occurredAt, `ours:${id}`),
    keys,
    groups,
    tokens: referenceTokens(...keys, ...groups),
    gateways: gateway === undefined ? [] : [gateway],
    name: counterparty,
    original: undefined,
    reversal: false,
    payout: undefined,
  }
}
