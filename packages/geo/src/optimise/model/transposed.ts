/** Cells are compared and moved in squares of so many: down a whole column each one would miss the cache. */
const tile = 64

/** A square table with rows and columns exchanged: the table itself where that is the same, which saves its memory. */
export function transposed(table: Float64Array, size: number): Float64Array {
  if (isSymmetric(table, size)) return table
  const other = new Float64Array(table.length)
  for (let top = 0; top < size; top += tile)
    for (let left = 0; left < size; left += tile)
      for (let row = top; row < Math.min(top + tile, size); row++)
        for (let column = left; column < Math.min(left + tile, size); column++)
          other[column * size + row] = table[row * size + column]!
  return other
}

function isSymmetric(table: Float64Array, size: number): boolean {
  for (let top = 0; top < size; top += tile)
    for (let left = 0; left <= top; left += tile)
      for (let row = top; row < Math.min(top + tile, size); row++)
        for (let column = left; column < Math.min(left + tile, row); column++)
          if (table[row * size + column] !== table[column * size + row]) return false
  return true
}
