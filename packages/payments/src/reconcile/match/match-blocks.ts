import { familyOf, isLeft, legOf, type Item } from '../items/item.ts'
import type { CheckedRules } from '../rules.ts'
import { chooseEdges } from './choose-edges.ts'
import type { Edge, MatchRule } from './edge.ts'
import { similarity } from './similarity.ts'

/** Edges that were taken, and those that could not be decided or were passed by. */
export interface BlockResult {
  readonly taken: readonly Edge[]
  readonly ambiguous: readonly Edge[]
}

/** Rules within blocks of the same amount. */
export type BlockRule = Extract<MatchRule, 'reference' | 'reference-part' | 'counterparty' | 'amount-and-gateway'>

/**
 * Matches items of the same family, currency and amount whose days fit, by one rule. All of a block is weighed at once, so
 * that neither order of the input nor luck decides.
 */
export function matchBlocks(items: readonly Item[], rule: BlockRule, rules: CheckedRules): BlockResult {
  let expected: ReadonlySet<string> | undefined
  const edges: Edge[] = []
  for (const { lefts, rights } of blocksOf(items, rule)) {
    for (const left of lefts)
      for (const right of rights) {
        if (!isSameBlock(left, right)) continue
        // What names another one belongs to that one, whatever its amount.
        expected ??= expectedBy(items, rule)
        if (isExpected(right, expected)) continue
        const edge = edgeOf(left, right, rule, rules)
        if (edge !== undefined) edges.push(edge)
      }
  }
  return chooseEdges(edges)
}

function expectedBy(items: readonly Item[], rule: BlockRule): ReadonlySet<string> {
  return new Set(rule === 'amount-and-gateway' ? items.filter(isLeft).flatMap(({ tokens }) => tokens) : [])
}

function isExpected({ tokens }: Item, expected: ReadonlySet<string>): boolean {
  return expected.size > 0 && tokens.some((token) => expected.has(token))
}

interface Block {
  readonly lefts: Item[]
  readonly rights: Item[]
}

/** Blocks whose items are all weighed against each other: few have the same amount, and those that do share more. */
function* blocksOf(items: readonly Item[], rule: BlockRule): Generator<Block> {
  const weighable = items.filter((item) => canBeWeighed(item, rule))
  // Only amounts that both sides have make blocks. Beyond 2^53 amounts may share a block, which makes no difference.
  const ofRights = new Set<number>()
  for (const item of weighable) if (!isLeft(item)) ofRights.add(Number(item.amount.amount))
  const blocks = new Map<number, Block>()
  for (const item of weighable) {
    const amount = Number(item.amount.amount)
    if (isLeft(item) && ofRights.has(amount)) addTo(blocks, amount, item)
  }
  for (const item of weighable) if (!isLeft(item)) blocks.get(Number(item.amount.amount))?.rights.push(item)
  for (const block of blocks.values()) {
    const { lefts, rights } = block
    if (lefts.length * rights.length <= fewPairs) {
      yield block
      continue
    }
    const parts = new Map<string, Block>()
    for (const item of [...lefts, ...rights]) for (const key of blockKeys(item, rule)) addTo(parts, key, item)
    const weighed = new Set<string>()
    for (const { lefts: some, rights: others } of parts.values())
      if (some.length * others.length <= mostPairs)
        for (const left of some)
          for (const right of others) {
            // Two that share two references stand in two blocks.
            const pair = `${left.id}\u0000${right.id}`
            if (!weighed.has(pair)) yield { lefts: [left], rights: [right] }
            weighed.add(pair)
          }
  }
}

function addTo<Key>(blocks: Map<Key, Block>, key: Key, item: Item): void {
  let block = blocks.get(key)
  if (block === undefined) blocks.set(key, (block = { lefts: [], rights: [] }))
  ;(isLeft(item) ? block.lefts : block.rights).push(item)
}

/** Whether the rule could say anything of an item. */
function canBeWeighed(item: Item, rule: BlockRule): boolean {
  switch (rule) {
    case 'reference':
      return item.tokens.length > 0
    case 'reference-part':
      return item.tokens.some(({ length }) => length >= shortestPart)
    case 'counterparty':
      return item.name !== undefined
    case 'amount-and-gateway':
      // An order and its gateway's line share the gateway with all others: that says nothing.
      return legOf(item) === 'payouts' && item.gateways.length > 0
  }
}

/**
 * What an item must have in common with another for a rule to weigh the two: always the amount, and what the rule looks for,
 * so that a shop with three prices has small blocks as well.
 */
function blockKeys(item: Item, rule: BlockRule): readonly string[] {
  if (rule === 'reference') return keysWith(item, item.tokens)
  if (rule !== 'reference-part') return [blockKey(item)]
  const parts = item.tokens.filter(({ length }) => length >= shortestPart).map((token) => token.slice(0, shortestPart))
  return keysWith(item, [...new Set(parts)])
}

function keysWith(item: Item, words: readonly string[]): string[] {
  const key = blockKey(item)
  return words.map((word) => `${key} ${word}`)
}

/** Pairs of rights and lefts that are all weighed, whatever they share; and the most of those that share something. */
export const fewPairs = 64
export const mostPairs = 250_000

/** What items must have in common to be weighed against each other by amount. */
export function blockKey(item: Item): string {
  return `${familyOf(item)} ${item.amount.currency} ${item.amount.amount}`
}

function isSameBlock(left: Item, right: Item): boolean {
  const [one, other] = [left.amount, right.amount]
  return one.amount === other.amount && one.currency === other.currency && familyOf(left) === familyOf(right)
}

/** Whether the right one may be what became of the left one, by their days. */
export function daysFit(left: Item, right: Item, rules: CheckedRules): boolean {
  const days = right.day - left.day
  return right.side === 'bank' ? days >= -1 && days <= rules.payoutDays : Math.abs(days) <= rules.orderDays
}

function edgeOf(left: Item, right: Item, rule: BlockRule, rules: CheckedRules): Edge | undefined {
  if (!daysFit(left, right, rules)) return undefined
  const found = evidenceOf(left, right, rule, rules)
  if (found === undefined) return undefined
  const days = Math.abs(right.day - left.day)
  return {
    ...{ left: left.id, right: right.id, rule },
    evidence: `${found.evidence}, the same amount, ${days} ${days === 1 ? 'day' : 'days'} apart`,
    cost: found.doubt * 100 + days,
  }
}

function evidenceOf(
  left: Item,
  right: Item,
  rule: BlockRule,
  { similarity: alike }: CheckedRules,
): { readonly evidence: string; readonly doubt: number } | undefined {
  switch (rule) {
    case 'reference': {
      const token = commonToken(left, right)
      return token === undefined ? undefined : { evidence: `the reference ${token} in both`, doubt: 0 }
    }
    case 'reference-part': {
      const part = commonPart(left, right)
      return part === undefined ? undefined : { evidence: `a reference cut to ${part}`, doubt: 1 / part.length }
    }
    case 'counterparty': {
      if (left.name === undefined || right.name === undefined) return undefined
      const likeness = similarity(left.name, right.name)
      if (likeness < alike) return undefined
      return { evidence: `names alike by ${likeness.toFixed(2)}`, doubt: 1 - likeness }
    }
    case 'amount-and-gateway': {
      const gateway = left.gateways.find((name) => right.gateways.includes(name))
      if (gateway === undefined || right.side !== 'bank') return undefined
      return { evidence: `the text names ${gateway}`, doubt: 0 }
    }
  }
}

/** A reference that both have. */
function commonToken(left: Item, right: Item): string | undefined {
  return left.tokens.find((token) => right.tokens.includes(token))
}

/** How long a part of a reference must be. */
export const shortestPart = 8

/** A reference of one that is the beginning of a reference of the other: banks cut them. */
function commonPart(left: Item, right: Item): string | undefined {
  for (const one of left.tokens)
    for (const other of right.tokens) {
      const [short, long] = one.length < other.length ? [one, other] : [other, one]
      if (short.length >= shortestPart && long.startsWith(short)) return short
    }
  return undefined
}
