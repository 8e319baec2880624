import { isLeft, type Item } from '../items/item.ts'
import { sortItems } from '../items/sort-items.ts'
import type { CheckedRules } from '../rules.ts'
import { scores, type Edge, type ExceptionReason, type Match, type OpenItem } from './edge.ts'
import { matchBlocks } from './match-blocks.ts'
import { matchKeys, type KeyResult } from './match-keys.ts'
import { matchNear } from './match-near.ts'
import { matchSums } from './match-sums.ts'

/** What matching gives: every item stands in exactly one match or is open. */
export interface LegResult {
  readonly matches: readonly Match[]
  readonly open: readonly OpenItem[]
}

/** Matches the items of one leg, surest rules first. The order of the items makes no difference. */
export function matchLeg(items: readonly Item[], rules: CheckedRules): LegResult {
  const certain = matchCertain(items, rules)
  const rest = matchRest(certain.rest, rules)
  return { matches: [...certain.matches, ...rest.matches], open: [...certain.open, ...rest.open] }
}

/** What names alone decide: it depends on items that share a name, and on no others. */
export function matchCertain(items: readonly Item[], rules: CheckedRules): KeyResult {
  const isEmpty = ({ kind, amount }: Item): boolean => kind === 'payout' && amount.amount === 0n
  const sorted = sortItems(items.filter((item) => !isEmpty(item)))
  const { matches, open, rest } = matchKeys(sorted, rules)
  const empty = items.filter(isEmpty).map(({ id }): OpenItem => ({ item: id, reason: 'payout_empty', candidates: [] }))
  return { matches, open: [...open, ...empty], rest }
}

/** What evidence and sums decide about the rest. */
export function matchRest(items: readonly Item[], rules: CheckedRules): LegResult {
  const matches: Match[] = []
  const open: OpenItem[] = []
  let rest: readonly Item[] = sortItems(items)
  const passed = new Map<string, Edge[]>()
  const undecided: Item[] = []

  const remove = (gone: ReadonlySet<string>): void => {
    if (gone.size > 0) rest = rest.filter(({ id }) => !gone.has(id))
  }
  const settle = ({
    taken,
    ambiguous,
  }: {
    readonly taken: readonly Edge[]
    readonly ambiguous: readonly Edge[]
  }): void => {
    for (const { left, right, rule, evidence } of taken)
      matches.push({ rule, score: scores[rule], left: [left], right: [right], evidence })
    remove(new Set(taken.flatMap(({ left, right }) => [left, right])))
    // What a surer rule could not decide, a less sure one must not.
    for (const edge of ambiguous)
      for (const end of [edge.left, edge.right]) {
        const list = passed.get(end)
        if (list === undefined) passed.set(end, [edge])
        else list.push(edge)
      }
    if (ambiguous.length === 0) return
    for (const item of rest) if (passed.has(item.id)) undecided.push(item)
    remove(new Set(passed.keys()))
  }

  const back = reversalsOf(rest)
  matches.push(...back)
  remove(new Set(back.flatMap(({ right }) => right)))
  for (const rule of ['reference', 'reference-part'] as const) settle(matchBlocks(rest, rule, rules))
  // A reference that both have is surer than an equal amount.
  settle(matchNear(rest, rules))
  for (const rule of ['counterparty', 'amount-and-gateway'] as const) settle(matchBlocks(rest, rule, rules))
  const sums = matchSums(rest, rules)
  matches.push(...sums)
  remove(new Set(sums.flatMap(({ left, right }) => [...left, ...right])))

  for (const item of [...rest, ...undecided]) {
    const candidates = passed.get(item.id) ?? none
    const reason = reasonOf(item, candidates)
    open.push({ item: item.id, reason, candidates: candidates === none ? none : best(candidates) })
  }
  return { matches, open }
}

const none: readonly Edge[] = []

/** Entries that the bank took back itself: the same reference, the opposite amount, and only one of each. */
function reversalsOf(items: readonly Item[]): Match[] {
  const entries = items.filter(({ side }) => side === 'bank')
  const blocks = Map.groupBy(entries, ({ amount, tokens }) => {
    const size = amount.amount < 0n ? -amount.amount : amount.amount
    return `${amount.currency} ${size} ${tokens.join(' ')}`
  })
  return [...blocks.values()].flatMap((block) => {
    const [first, second] = block
    if (block.length !== 2 || first!.tokens.length === 0 || first!.reversal === second!.reversal) return []
    if (first!.amount.amount + second!.amount.amount !== 0n) return []
    const right = block.map(({ id }) => id).toSorted()
    return [
      { rule: 'reversal', score: scores.reversal, left: [], right, evidence: 'the bank took it back' } satisfies Match,
    ]
  })
}

function reasonOf(item: Item, candidates: readonly Edge[]): ExceptionReason {
  if (candidates.length > 0) return 'ambiguous'
  return !isLeft(item) && item.side === 'bank' && item.gateways.length === 0 ? 'unrelated' : 'missing'
}

/** The likeliest candidates of an item. */
export function best(edges: readonly Edge[]): Edge[] {
  const order = (a: Edge, b: Edge): number =>
    scores[b.rule] - scores[a.rule] || a.cost - b.cost || (`${a.left} ${a.right}` < `${b.left} ${b.right}` ? -1 : 1)
  return edges.toSorted(order).slice(0, 5)
}
