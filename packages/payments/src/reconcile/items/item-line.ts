import type { Item } from './item.ts'

/** All of an item as one text, for digests: every part says its length, so that no two items have the same. */
export function itemLine(item: Item): string {
  const { id, side, kind, amount, fee, day, keys, groups, tokens, gateways, name, original, reversal, payout } = item
  return (
    `${part(id)}${part(side)}${part(kind)}${amount.amount} ${amount.currency} ${fee} ${day} ${reversal ? 1 : 0} ` +
    `${list(keys)}${list(groups)}${list(tokens)}${list(gateways)}${name === undefined ? '-' : part(name)}` +
    `${payout === undefined ? '-' : part(payout)}${original === undefined ? '-' : `${original.amount} ${original.currency}`}`
  )
}

/** A text with its length before it. */
export function part(text: string): string {
  return `${text.length}:${text}`
}

/** Texts with their number before them. */
export function list(texts: readonly string[]): string {
  let line = `${texts.length};`
  for (const text of texts) line += part(text)
  return line
}
