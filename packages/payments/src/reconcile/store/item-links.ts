import { familyOf, legOf, type Item } from '../items/item.ts'
import { blockKey } from '../match/match-blocks.ts'

/** Names that tie an item to those by which its certain match is decided: all that share a key or a group. */
export function certainLinks(item: Item): string[] {
  const family = familyOf(item)
  return unique([...item.keys, ...item.groups].map((key) => `k ${family} ${key}`))
}

const partLength = 8

/**
 * Names that tie an item to those by which the rest is decided: a reference or its beginning, the same amount where names of
 * people or gateways are compared within it, a gateway whose lines may add up. Whatever `matchRest` compares shares one of
 * them; an order is not tied to all others of its price.
 */
export function restLinks(item: Item): string[] {
  const leg = legOf(item)
  // A cut reference is looked for within its amount only: numbers of orders begin alike.
  const tokens = item.tokens.flatMap((token) => [
    `t ${leg} ${token}`,
    ...(token.length < partLength ? [] : [`p ${leg} ${blockKey(item)} ${token}`]),
  ])
  const amounts = leg === 'payouts' || item.name !== undefined ? [`a ${leg} ${blockKey(item)}`] : []
  const sums = leg === 'payouts' ? item.gateways.map((gateway) => `s ${gateway} ${item.amount.currency}`) : []
  return unique([...amounts, ...tokens, ...sums])
}

/**
 * Where to look for what a name ties: itself, and of a reference that may be cut also its beginnings, and everything that it is
 * the beginning of. Numbers of orders begin alike, so that the beginnings themselves are no names.
 */
export function reachOf(names: readonly string[]): { readonly names: string[]; readonly beginnings: string[] } {
  const beginnings = names.filter((name) => name.startsWith('p '))
  const shorter = beginnings.flatMap((name) => {
    const start = name.lastIndexOf(' ') + 1 + partLength
    return Array.from({ length: name.length - start }, (_, more) => name.slice(0, start + more))
  })
  return { names: unique([...names, ...shorter]), beginnings }
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)]
}
