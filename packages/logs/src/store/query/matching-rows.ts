import { hasRows, type RowBits } from '../segment/bits.ts'
import type { CompiledFilter } from './compile-filter.ts'
import { scan, type SearchTarget } from './run-query.ts'
import type { ScanContext } from './scan-context.ts'
import { everyRow } from './segment-search.ts'

/** Rows of one segment by block; blocks without any are left out. */
export type BlockRows = ReadonlyMap<number, RowBits>

/** The rows that match, by segment; segments without any are left out. */
export async function matchingRows(
  filter: CompiledFilter,
  targets: readonly SearchTarget[],
  context: ScanContext,
): Promise<Map<string, BlockRows>> {
  const found = new Map<string, Map<number, RowBits>>()
  await scan(filter, targets, context, {
    async onBlock(block, search) {
      const rows = await search.match(filter, block, everyRow(block))
      if (!hasRows(rows)) return
      const { name } = block.searchable
      const blocks = found.get(name) ?? new Map<number, RowBits>()
      found.set(name, blocks.set(block.number, rows))
    },
  })
  return found
}

/** The rows that do not match, of every block. */
export function otherRows(found: BlockRows, blocks: readonly { readonly rows: number }[]): BlockRows {
  return new Map(
    blocks.map(({ rows }, number) => {
      const bits = found.get(number) ?? new Uint32Array((rows + 31) >> 5)
      return [number, bits.map((word) => ~word)]
    }),
  )
}
