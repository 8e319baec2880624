import { legOf, isLeft, type Item } from '../items/item.ts'
import type { Match, OpenItem } from '../match/edge.ts'
import type { ConservationProof, ProofItem, ProofTotals } from './proof.ts'

/** Sums of one currency. */
export type Sums = { -readonly [Name in keyof Omit<ProofTotals, 'currency'>]: bigint }

/** What a proof is made of. */
export interface ProofContent {
  readonly inputs: string
  /** Sorted. */
  readonly items: readonly Item[]
  readonly byId: ReadonlyMap<string, Item>
  readonly matches: readonly Match[]
  readonly open: readonly OpenItem[]
}

type Differences = ConservationProof['matches'][number]['differences']

/** Adds up what was matched and what was not. */
export function makeProof({ inputs, items, byId, matches, open }: ProofContent): ConservationProof {
  const totals = new Map<string, Sums>()
  const of = (currency: string): Sums => {
    let sums = totals.get(currency)
    if (sums === undefined) totals.set(currency, (sums = noSums()))
    return sums
  }
  for (const item of items) addItem(of(item.amount.currency), item)
  const shown = matches.map(({ left, right }) => {
    if (left.length === 1 && right.length === 1 && isEqual(byId.get(left[0]!)!, byId.get(right[0]!)!))
      return { left, right, differences: none }
    const rest = new Map<string, bigint>()
    for (const id of [...left, ...right]) {
      const item = byId.get(id)!
      const { amount, currency } = item.amount
      rest.set(currency, (rest.get(currency) ?? 0n) + (isLeft(item) ? amount : -amount))
    }
    const leg = legOf(byId.get(left[0] ?? right[0]!)!)
    const differences = [...rest].filter(([, amount]) => amount !== 0n).toSorted(([a], [b]) => (a < b ? -1 : 1))
    for (const [currency, amount] of differences)
      of(currency)[leg === 'orders' ? 'orderDifferences' : 'payoutDifferences'] += amount
    return { left, right, differences: differences.map(([currency, amount]) => [currency, String(amount)] as const) }
  })
  for (const { item: id } of open) {
    const item = byId.get(id)!
    const sums = of(item.amount.currency)
    if (legOf(item) === 'orders') sums[isLeft(item) ? 'openOurs' : 'openGateway'] += item.amount.amount
    else sums[isLeft(item) ? 'openPayouts' : 'openBank'] += item.amount.amount
  }
  return {
    version: 1,
    inputs,
    items: items.map(({ id, side, kind, amount, fee }): ProofItem => [
      id,
      side,
      kind,
      amount.currency,
      String(amount.amount),
      fee === 0n ? '0' : String(fee),
    ]),
    matches: shown,
    open: open.map(({ item }) => item),
    totals: [...totals].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([currency, sums]) => shownTotals(currency, sums)),
  }
}

const none: Differences = []

function isEqual(left: Item, right: Item): boolean {
  return left.amount.amount === right.amount.amount && left.amount.currency === right.amount.currency
}

function addItem(sums: Sums, { side, kind, amount: { amount }, fee }: Item): void {
  if (fee !== 0n) sums.fees += fee
  if (side !== 'gateway') sums[side] += amount
  else if (kind === 'payout' || kind === 'payout_failure') sums.paidOut += amount
  else if (kind === 'adjustment') sums.adjustments += amount
  else if (kind === 'fee') sums.fees -= amount
  else sums.gross += amount
}

/** Nothing yet. */
export function noSums(): Sums {
  return {
    ...{ ours: 0n, gross: 0n, fees: 0n, adjustments: 0n, paidOut: 0n, held: 0n, bank: 0n },
    ...{ openOurs: 0n, openGateway: 0n, openPayouts: 0n, openBank: 0n, orderDifferences: 0n, payoutDifferences: 0n },
  }
}

/** As a proof shows them. */
export function shownTotals(currency: string, sums: Sums): ProofTotals {
  const held = sums.gross - sums.fees + sums.adjustments - sums.paidOut
  const shown = Object.entries({ ...sums, held }).map(([name, amount]) => [name, String(amount)] as const)
  return { currency, ...(Object.fromEntries(shown) as Omit<ProofTotals, 'currency'>) }
}
