import type { RowReferences } from './row-references.ts'
import { RowEdges } from './row-edges.ts'
import type { RestTable } from './rest-table.ts'
import { fewPairs, mostPairs } from '../match/match-blocks.ts'

/** As `matchBlocks`, of rows: those of the same amount whose days fit and that share a reference, or a part of one. */
export function blockEdges(
  rows: Uint32Array,
  isPart: boolean,
  { count, isOurs, amounts, currencies, days }: RestTable,
  references: RowReferences,
  orderDays: number,
): RowEdges {
  const edges = new RowEdges()
  const weigh = (left: number, right: number): void => {
    if (currencies[left] !== currencies[right]) return
    const apart = Math.abs(days[right]! - days[left]!)
    if (apart > orderDays) return
    const word = isPart ? references.commonPart(left, right) : references.common(left, right)
    if (word < 0) return
    edges.add(left, right, word, (isPart ? (1 / references.lengthOf(word)) * 100 : 0) + apart)
  }
  for (const { lefts, rights } of blocksOf()) {
    if (lefts.length * rights.length <= fewPairs) {
      for (const left of lefts) for (const right of rights) weigh(left, right)
      continue
    }
    const parts = new Map<number, Block>()
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

  /** Only amounts that both sides have make blocks. */
  function* blocksOf(): Generator<Block> {
    const ofRights = new Map<number, number>()
    // Rows of an amount form a chain, from the last to the first.
    const before = new Int32Array(rows.length)
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at]!
      if (isOurs[row] === 1 || !references.has(row, isPart)) continue
      const amount = amounts[row]!
      before[at] = ofRights.get(amount) ?? -1
      ofRights.set(amount, at)
    }
    const blocks = new Map<number, Block>()
    for (const row of rows) {
      if (isOurs[row] === 0 || !references.has(row, isPart)) continue
      const amount = amounts[row]!
      const last = ofRights.get(amount)
      if (last === undefined) continue
      const block = blockAt(blocks, amount)
      block.lefts.push(row)
      if (block.lefts.length === 1) for (let at = last; at >= 0; at = before[at]!) block.rights.push(rows[at]!)
    }
    yield* blocks.values()
  }
}

interface Block {
  readonly lefts: number[]
  readonly rights: number[]
}

function blockAt(blocks: Map<number, Block>, key: number): Block {
  let block = blocks.get(key)
  if (block === undefined) blocks.set(key, (block = { lefts: [], rights: [] }))
  return block
}
