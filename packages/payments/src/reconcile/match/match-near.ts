import { familyOf, isLeft, type Item } from '../items/item.ts'
import type { CheckedRules } from '../rules.ts'
import { chooseEdges } from './choose-edges.ts'
import { daysFit, type BlockResult } from './match-blocks.ts'
import type { Edge } from './edge.ts'

/**
 * Matches items that name the same reference and whose amounts are not equal but near: within the tolerance, or as much as
 * the bank says was sent in another currency.
 */
export function matchNear(items: readonly Item[], rules: CheckedRules): BlockResult {
  const ofLefts = new Set<string>()
  for (const item of items) if (isLeft(item)) for (const token of item.tokens) ofLefts.add(token)
  const byToken = new Map<string, Item[]>()
  for (const item of items)
    if (!isLeft(item))
      for (const token of item.tokens) {
        if (!ofLefts.has(token)) continue
        const list = byToken.get(token)
        if (list === undefined) byToken.set(token, [item])
        else list.push(item)
      }
  const edges = new Map<string, Edge>()
  for (const left of items)
    if (isLeft(left))
      for (const token of left.tokens) {
        const all = byToken.get(token)
        if (all === undefined) continue
        const family = familyOf(left)
        const rights = all.filter((right) => familyOf(right) === family)
        // A word that many have is no reference.
        if (rights.length > mostOfOneToken) continue
        for (const right of rights) {
          const edge = edgeOf(left, right, token, rules)
          if (edge !== undefined) edges.set(`${left.id}\u0000${right.id}`, edge)
        }
      }
  return chooseEdges([...edges.values()])
}

/** A word that more of one side have is no reference. */
export const mostOfOneToken = 50

function edgeOf(left: Item, right: Item, token: string, rules: CheckedRules): Edge | undefined {
  if (!daysFit(left, right, rules)) return undefined
  const ends = { left: left.id, right: right.id }
  const [expected, found] = [left.amount, right.amount]
  if (expected.currency === found.currency) {
    const distance = expected.amount > found.amount ? expected.amount - found.amount : found.amount - expected.amount
    if (distance > (rules.tolerance[found.currency] ?? 0n)) return undefined
    const evidence = `the reference ${token} in both, ${distance} minor units apart`
    return { ...ends, rule: 'reference-tolerance', evidence, cost: Number(distance) }
  }
  const { original } = right
  if (original?.currency !== expected.currency || original.amount !== expected.amount) return undefined
  return {
    ...ends,
    rule: 'original-amount',
    evidence: `the reference ${token} in both, and the amount that was sent`,
    cost: 0,
  }
}
