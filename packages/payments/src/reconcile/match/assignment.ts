/** A cost that no assignment takes. */
export const forbidden = 1e9

/**
 * The cheapest assignment of rows to columns: for each row its column, or -1. Kuhn and Munkres with potentials (Jonker and
 * Volgenant 1987), n³. Forbidden pairs are left out.
 */
export function assign(costs: readonly (readonly number[])[]): {
  readonly columns: readonly number[]
  readonly total: number
} {
  const rows = costs.length
  const size = Math.max(rows, costs[0]?.length ?? 0)
  const cost = (row: number, column: number): number => costs[row]?.[column] ?? forbidden
  const rowPotential = new Float64Array(size + 1)
  const columnPotential = new Float64Array(size + 1)
  const rowOf = new Int32Array(size + 1)
  const way = new Int32Array(size + 1)
  for (let row = 1; row <= size; row++) {
    rowOf[0] = row
    let column = 0
    const least = new Float64Array(size + 1).fill(Infinity)
    const used = new Uint8Array(size + 1)
    do {
      used[column] = 1
      const current = rowOf[column]!
      let delta = Infinity
      let next = 0
      for (let each = 1; each <= size; each++) {
        if (used[each] === 1) continue
        const reduced = cost(current - 1, each - 1) - rowPotential[current]! - columnPotential[each]!
        if (reduced < least[each]!) {
          least[each] = reduced
          way[each] = column
        }
        if (least[each]! < delta) {
          delta = least[each]!
          next = each
        }
      }
      for (let each = 0; each <= size; each++)
        if (used[each] === 1) {
          rowPotential[rowOf[each]!]! += delta
          columnPotential[each]! -= delta
        } else least[each]! -= delta
      column = next
    } while (rowOf[column] !== 0)
    do {
      const previous = way[column]!
      rowOf[column] = rowOf[previous]!
      column = previous
    } while (column !== 0)
  }
  const columns = Array.from<number>({ length: rows }).fill(-1)
  let total = 0
  for (let column = 1; column <= size; column++) {
    const row = rowOf[column]! - 1
    if (row >= rows || cost(row, column - 1) >= forbidden) {
      total += row < rows ? forbidden : 0
      continue
    }
    columns[row] = column - 1
    total += cost(row, column - 1)
  }
  return { columns, total }
}
