import { familyOf, isLeft, type Item } from '../items/item.ts'
import { sortItems } from '../items/sort-items.ts'
import type { CheckedRules } from '../rules.ts'
import { connected } from './components.ts'
import { withinRate } from './exchange.ts'
import { scores, type Match, type MatchRule, type OpenItem } from './edge.ts'

/** What keys decide, and what is left for what is less sure. */
export interface KeyResult {
  readonly matches: readonly Match[]
  readonly open: readonly OpenItem[]
  readonly rest: readonly Item[]
}

/**
 * Matches items that share a name which nobody else has: equal amounts first, then sums, then what lies within the tolerance
 * or fits an exchange rate. Names that only one movement has come before those of an order or a payment.
 */
export function matchKeys(items: readonly Item[], rules: CheckedRules): KeyResult {
  const first = matchBy(items, rules, false)
  const second = matchBy(sortItems(first.rest), rules, true)
  return {
    matches: [...first.matches, ...second.matches],
    open: [...first.open, ...second.open],
    rest: second.rest,
  }
}

function matchBy(items: readonly Item[], rules: CheckedRules, isWithGroups: boolean): KeyResult {
  const owners = new Map<string, Map<string, number>>()
  const links: number[] = []
  let [family, ofFamily] = ['', new Map<string, number>()]
  const link = (key: string, at: number): void => {
    const owner = ofFamily.get(key)
    if (owner === undefined) ofFamily.set(key, at)
    else links.push(owner, at)
  }
  for (let at = 0; at < items.length; at++) {
    const item = items[at]!
    const own = familyOf(item)
    if (own !== family) {
      family = own
      ofFamily = owners.get(family) ?? new Map()
      owners.set(family, ofFamily)
    }
    const { keys, groups } = item
    for (let key = 0; key < keys.length; key++) link(keys[key]!, at)
    if (isWithGroups) for (let group = 0; group < groups.length; group++) link(groups[group]!, at)
  }
  const result = { matches: [] as Match[], open: [] as OpenItem[], rest: [] as Item[] }
  for (const together of connected(items.length, links)) {
    if (typeof together === 'number') {
      result.rest.push(items[together]!)
      continue
    }
    const [first, second] = together
    if (together.length > 2 || !takePair(items[first!]!, items[second!]!, rules, result))
      resolve(
        together.map((at) => items[at]!),
        rules,
        result,
      )
  }
  return result
}

/** Nearly all groups are one of each side, about the same amount; the rest goes the long way, with the same result. */
function takePair(one: Item, other: Item, rules: CheckedRules, { matches }: Collected): boolean {
  const [left, right] = isLeft(one) ? [one, other] : [other, one]
  const [{ amount, currency }, found] = [left.amount, right.amount]
  if (!isLeft(left) || isLeft(right) || currency !== found.currency) return false
  if (amount === found.amount) {
    const evidence = `both have ${sharedKey(left, right)}`
    matches.push({ rule: 'key', score: scores.key, left: [left.id], right: [right.id], evidence })
    return true
  }
  const decided = withinTolerance(amount, found.amount, currency, rules)
  if (decided === undefined) return false
  const [rule, evidence] = decided
  matches.push({ rule, score: scores[rule], left: [left.id], right: [right.id], evidence })
  return true
}

interface Collected {
  readonly matches: Match[]
  readonly open: OpenItem[]
  readonly rest: Item[]
}

/** Decides about items that share a name. */
function resolve(items: readonly Item[], rules: CheckedRules, { matches, open, rest }: Collected): void {
  let lefts = items.filter(isLeft)
  let rights = items.filter((item) => !isLeft(item))
  const take = (rule: MatchRule, left: readonly Item[], right: readonly Item[], evidence: string): void => {
    matches.push({ rule, score: scores[rule], left: idsOf(left), right: idsOf(right), evidence })
    const gone = new Set([...left, ...right])
    lefts = lefts.filter((item) => !gone.has(item))
    rights = rights.filter((item) => !gone.has(item))
  }
  const pairs = equalPairs(lefts, rights)
  for (const [left, right] of pairs) take('key', [left], [right], `both have ${sharedKey(left, right)}`)
  for (const side of [lefts, rights])
    if (side.length > 1 && side.some(({ reversal }) => reversal) && cancelOut(side)) {
      const [left, right] = side === lefts ? [side, []] : [[], side]
      take('reversal', left, right, 'what was moved was moved back')
    }
  if (lefts.length > 0 && rights.length > 0) {
    const decided = decideRest(lefts, rights, rules)
    if (decided !== undefined) take(decided[0], lefts, rights, decided[1])
  }
  if (lefts.length > 0 && rights.length > 0)
    for (const item of [...lefts, ...rights]) {
      const others = isLeft(item) ? rights : lefts
      const candidates = others.slice(0, 5).map((other) => {
        const [left, right] = isLeft(item) ? [item, other] : [other, item]
        return {
          left: left.id,
          right: right.id,
          rule: 'key' as const,
          evidence: 'the same name, another amount',
          cost: 1,
        }
      })
      open.push({ item: item.id, reason: 'amount_differs', candidates })
    }
  else if (pairs.length > 0)
    // Its name was used up by others: the same thing twice.
    for (const item of [...lefts, ...rights]) open.push({ item: item.id, reason: 'duplicate', candidates: [] })
  else rest.push(...lefts, ...rights)
}

/** Pairs of equal amounts, nearest in time: sorted by day, which is the cheapest assignment on a line. */
function equalPairs(lefts: readonly Item[], rights: readonly Item[]): (readonly [Item, Item])[] {
  const pairs: (readonly [Item, Item])[] = []
  const waiting = Map.groupBy(rights.toSorted(byDay), amountKey)
  for (const left of lefts.toSorted(byDay)) {
    const right = waiting.get(amountKey(left))?.shift()
    if (right !== undefined) pairs.push([left, right])
  }
  return pairs
}

function decideRest(
  lefts: readonly Item[],
  rights: readonly Item[],
  rules: CheckedRules,
): readonly [MatchRule, string] | undefined {
  const currencies = new Set([...lefts, ...rights].map(({ amount }) => amount.currency))
  const [left, right] = [sumOf(lefts), sumOf(rights)]
  if (currencies.size === 1) {
    const [currency] = currencies
    if (left === right) return ['key-sum', `${lefts.length} and ${rights.length} lines with the same name and sum`]
    return withinTolerance(left, right, currency!, rules)
  }
  if (lefts.length !== 1 || rights.length !== 1) return undefined
  const rate = withinRate(lefts[0]!.amount, rights[0]!.amount, rules)
  return rate === undefined ? undefined : ['key-rate', `the same name, exchanged at about ${rate}`]
}

function withinTolerance(
  left: bigint,
  right: bigint,
  currency: string,
  rules: CheckedRules,
): readonly [MatchRule, string] | undefined {
  const distance = left > right ? left - right : right - left
  if (distance > (rules.tolerance[currency] ?? 0n)) return undefined
  return ['key-tolerance', `the same name; ${distance} minor units apart`]
}

function sharedKey(left: Item, right: Item): string {
  const isShared = (name: string): boolean => right.keys.includes(name) || right.groups.includes(name)
  return left.keys.find(isShared) ?? left.groups.find(isShared) ?? 'a name through a third'
}

function amountKey({ amount }: Item): string {
  return `${amount.amount} ${amount.currency}`
}

function sumOf(items: readonly Item[]): bigint {
  return items.reduce((sum, { amount }) => sum + amount.amount, 0n)
}

function cancelOut(items: readonly Item[]): boolean {
  return new Set(items.map(({ amount }) => amount.currency)).size === 1 && sumOf(items) === 0n
}

function idsOf(items: readonly Item[]): string[] {
  return items.map(({ id }) => id).toSorted()
}

function byDay(left: Item, right: Item): number {
  return left.day - right.day || (left.id < right.id ? -1 : 1)
}
