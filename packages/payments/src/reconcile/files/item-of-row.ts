import type { Money } from '../../money/money.ts'
import type { Item } from '../items/item.ts'
import { referenceTokens } from '../items/reference-tokens.ts'

/** What a row says in words; empty where it says nothing. */
export interface RowTexts {
  readonly id: string
  readonly key: string
  readonly group: string
  readonly text: string
}

/** Whose row it is. */
export interface RowOwner {
  readonly side: 'ours' | 'gateway'
  readonly gateway: string
  /** The gateway's name alone: one list for all rows. */
  readonly gateways: readonly string[]
}

const none: readonly string[] = []

/** A row of a file or a table as matching sees it. */
export function itemOfRow(
  { id, key, group, text }: RowTexts,
  amount: Money,
  day: number,
  { side, gateway, gateways }: RowOwner,
): Item {
  return {
    id: `${side === 'ours' ? 'ours' : gateway}:${id}`,
    side,
    kind: amount.amount < 0n ? 'refund' : 'charge',
    amount,
    fee: 0n,
    day,
    keys: key === '' ? none : [key],
    groups: group === '' ? none : [group],
    tokens: referenceTokens(key, group, text),
    gateways,
    name: undefined,
    original: undefined,
    reversal: false,
    payout: undefined,
  }
}
