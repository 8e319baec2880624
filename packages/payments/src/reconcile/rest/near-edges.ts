import type { CheckedRules } from '../rules.ts'
import { currencyCode } from '../files/currencies.ts'
import { mostOfOneToken } from '../match/match-near.ts'
import type { RestTable } from './rest-table.ts'
import { RowEdges } from './row-edges.ts'
import type { RowReferences } from './row-references.ts'

/** As `matchNear`, of rows: those that share a reference and whose amounts differ within the tolerance. */
export function nearEdges(
  rows: Uint32Array,
  { isOurs, amounts, currencies, days }: RestTable,
  references: RowReferences,
  words: number,
  { tolerance, orderDays }: CheckedRules,
): RowEdges {
  const edges = new RowEdges()
  // Rights with a word, of one family, form a chain.
  const familyOf = (row: number): number => (amounts[row]! < 0 ? 1 : 0)
  const counts = new Uint32Array(2 * words)
  const heads = new Int32Array(2 * words).fill(-1)
  const next: number[] = []
  const links: number[] = []
  for (const row of rows)
    if (isOurs[row] === 0)
      for (const word of references.of(row)) {
        const chain = 2 * word + familyOf(row)
        counts[chain]!++
        links.push(row)
        next.push(heads[chain]!)
        heads[chain] = links.length - 1
      }
  for (const left of rows) {
    if (isOurs[left] === 0) continue
    const first = edges.lefts.length
    for (const word of references.of(left)) {
      const chain = 2 * word + familyOf(left)
      // A word that many have is no reference.
      if (counts[chain]! > mostOfOneToken) continue
      for (let at = heads[chain]!; at >= 0; at = next[at]!) weigh(left, links[at]!, word, first)
    }
  }
  return edges

  function weigh(left: number, right: number, word: number, first: number): void {
    if (currencies[left] !== currencies[right] || Math.abs(days[right]! - days[left]!) > orderDays) return
    const distance = Math.abs(amounts[left]! - amounts[right]!)
    if (distance > (tolerance[currencyCode(currencies[left]!)] ?? 0n)) return
    for (let at = first; at < edges.rights.length; at++)
      if (edges.rights[at] === right) {
        edges.words[at] = word
        return
      }
    edges.add(left, right, word, distance)
  }
}
