import { isLeft, type Item } from '../items/item.ts'
import type { CheckedRules } from '../rules.ts'
import { scores, type Match } from './edge.ts'
import { daysFit } from './match-blocks.ts'
import { subsetsWithSum } from './subset-sum.ts'

/**
 * One entry of the bank for several payouts, or several for one. A sum alone proves nothing: with ten of forty amounts there
 * are thousands of ways to nearly every sum. So only lines of the same gateway and currency within the days count, few of
 * them, and exactly one way is taken.
 */
export function matchSums(items: readonly Item[], rules: CheckedRules): readonly Match[] {
  const proposals: { readonly target: Item; readonly parts: readonly Item[] }[] = []
  const payouts = items.filter(({ kind, side }) => kind === 'payout' || side === 'bank')
  const byBlock = Map.groupBy(
    payouts.flatMap((item) => item.gateways.map((gateway) => ({ item, block: `${gateway} ${item.amount.currency}` }))),
    ({ block }) => block,
  )
  for (const members of byBlock.values()) {
    const ofBlock = members.map(({ item }) => item)
    for (const target of ofBlock) {
      if (target.amount.amount === 0n) continue
      const parts = ofBlock
        .filter((item) => isLeft(item) !== isLeft(target))
        .filter((item) => (isLeft(item) ? daysFit(item, target, rules) : daysFit(target, item, rules)))
        .filter(({ amount }) => amount.amount > 0n === target.amount.amount > 0n && amount.amount !== 0n)
        .toSorted((a, b) => (a.id < b.id ? -1 : 1))
      if (parts.length < 2 || parts.length > rules.sumCandidates) continue
      const ways = subsetsWithSum(
        parts.map(({ amount }) => amount.amount),
        target.amount.amount,
      )
      if (ways.length === 1) proposals.push({ target, parts: ways[0]!.map((at) => parts[at]!) })
    }
  }
  const uses = new Map<string, number>()
  const members = proposals.map(({ target, parts }) => [target, ...parts])
  for (const { id } of members.flat()) uses.set(id, (uses.get(id) ?? 0) + 1)
  return members
    .filter((each) => each.every(({ id }) => uses.get(id) === 1))
    .map((each) => {
      const ids = (side: boolean) =>
        each
          .filter((item) => isLeft(item) === side)
          .map(({ id }) => id)
          .toSorted()
      const evidence = `the only way to ${each[0]!.amount.amount} minor units among the lines of its gateway`
      return { rule: 'sum', score: scores.sum, left: ids(true), right: ids(false), evidence }
    })
}
