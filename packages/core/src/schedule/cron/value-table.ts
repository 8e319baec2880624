/** Stands in a {@link valueTable} where no allowed value follows. */
export const noValue = 255

/** For each number from 0 to `max + 1` the smallest allowed value that is not below it: one look-up finds the next. */
export function valueTable(values: readonly number[], max: number): Uint8Array {
  const table = new Uint8Array(max + 2).fill(noValue)
  for (const value of values) table[value] = value
  for (let index = max; index >= 0; index--) if (table[index] === noValue) table[index] = table[index + 1]!
  return table
}
