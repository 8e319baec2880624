import type { BlockLayout } from '../segment/layout.ts'
import type { Searchable } from '../segment/searchable.ts'

/** How the blocks of a segment, all together, keep the values of a column that are no text. */
export interface ColumnUse {
  /** Whether a block names some by codes. */
  isCoded: boolean
  /** Bounds of those that are integers: none are where `least` is above `most`. */
  least: number
  most: number
}

const known = new WeakMap<readonly BlockLayout[], readonly ColumnUse[]>()

/** Worked out with the first question to a segment: most have nothing to look for in any block but text. */
export function columnUses({ blocks, columns }: Searchable): readonly ColumnUse[] {
  let uses = known.get(blocks)
  if (uses === undefined) {
    uses = columns.map(() => ({ isCoded: false, least: Infinity, most: -Infinity }))
    for (const block of blocks) addBlock(uses, block)
    known.set(blocks, uses)
  }
  return uses
}

function addBlock(uses: readonly ColumnUse[], block: BlockLayout): void {
  for (const part of block.parts) {
    if (part.column < 0) continue
    const use = uses[part.column]!
    if (part.encoding === 'code' || part.encoding === 'codes') use.isCoded = true
    else if (part.encoding === 'integers' || part.encoding === 'times') {
      const [least, most] = integerBounds(part, block)
      use.least = Math.min(use.least, least)
      use.most = Math.max(use.most, most)
    }
  }
}

/** Bounds of the integers of a column in a block, as far as its layout tells. */
export function integerBounds(
  { encoding, range }: BlockLayout['parts'][number],
  { minTime, maxTime }: BlockLayout,
): readonly [number, number] {
  return encoding === 'times' ? [minTime, maxTime] : (range ?? [-Infinity, Infinity])
}
