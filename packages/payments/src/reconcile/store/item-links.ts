import { familyOf, legOf, type Item } from '../items/item.ts'
import { blockKey } from '../match/match-blocks.ts'

/** Names that tie an item to those by which its certain match is decided: all that share a key or a group. */
export function certainLinks(item: Item): string[] {
  const family = familyOf(item)
  return unique([...item.keys, ...item.groups].map((key) => `k ${family} ${key}`))
}

const partLength = 8

/**
 * Names that tie an item to those by which the rest is decided: the same amount, a reference or its beginning, a gateway whose
 * lines may add up. Whatever `matchRest` compares shares one of them.
 */
export function restLinks(item: Item): string[] {
  const leg = legOf(item)
  const tokens = item.tokens.map((token) => `t ${leg} ${token.slice(0, partLength)}`)
  const sums = leg === 'payouts' ? item.gateways.map((gateway) => `s ${gateway} ${item.amount.currency}`) : []
  return unique([`a ${leg} ${blockKey(item)}`, ...tokens, ...sums])
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)]
}
