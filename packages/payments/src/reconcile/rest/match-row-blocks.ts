import { fewPairs, mostPairs } from '../match/match-blocks.ts'
import { AmountBlocks, type RowBlock } from './amount-blocks.ts'
import type { RestTable } from './rest-table.ts'
import { RowEdges } from './row-edges.ts'
import type { RowReferences } from './row-references.ts'

/** As `matchBlocks`, of rows: those of the same amount whose days fit and that share a reference, or a part of one. */
export function blockEdges(
  rows: Uint32Array,
  isPart: boolean,
  table: RestTable,
  references: RowReferences,
  orderDays: number,
): RowEdges {
  const { count, isOurs, currencies, days } = table
  const blocks = new AmountBlocks(table, rows.length)
  for (let at = rows.length - 1; at >= 0; at--) if (references.has(rows[at]!, isPart)) blocks.add(rows[at]!)
  const edges = new RowEdges()
  const weigh = (left: number, right: number): void => {
    if (currencies[left] !== currencies[right]) return
    const apart = Math.abs(days[right]! - days[left]!)
    if (apart > orderDays) return
    const word = isPart ? references.commonPart(left, right) : references.common(left, right)
    if (word < 0) return
    edges.add(left, right, word, (isPart ? (1 / references.lengthOf(word)) * 100 : 0) + apart)
  }
  for (const { lefts, rights } of blocks.both()) {
    if (lefts.length * rights.length <= fewPairs) {
      for (const left of lefts) for (const right of rights) weigh(left, right)
      continue
    }
    const parts = new Map<number, RowBlock>()
    for (const row of [...lefts, ...rights])
      for (const word of isPart ? references.beginningsOf(row) : references.of(row)) {
        const block = blockAt(parts, 32_768 * word + currencies[row]!)
        ;(isOurs[row] === 1 ? block.lefts : block.rights).push(row)
      }
    const weighed = new Set<number>()
    for (const { lefts: some, rights: others } of parts.values())
      if (some.length * others.length <= mostPairs)
        for (const left of some)
          for (const right of others) {
            // Two that share two references stand in two blocks.
            const pair = left * count + right
            if (!weighed.has(pair)) weigh(left, right)
            weighed.add(pair)
          }
  }
  return edges
}

function blockAt(blocks: Map<number, RowBlock>, key: number): RowBlock {
  let block = blocks.get(key)
  if (block === undefined) blocks.set(key, (block = { lefts: [], rights: [] }))
  return block
}
