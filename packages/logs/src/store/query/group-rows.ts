import { rowsOf, type RowBits } from '../segment/bits.ts'
import type { BlockColumn, BlockReader } from '../segment/block-reader.ts'
import type { Grouping } from './filter.ts'
import { columnsOf, forEachValue } from './field-values.ts'

/** Texts of fields, `null` where a line has none; milliseconds of buckets. */
export type Label = string | number | null

/** Which group of a grouping each row of a block belongs to. */
export interface LocalGroups {
  /** Groups are numbered from 0 on. */
  readonly size: number
  /** Several groups may have the same label. */
  readonly labelOf: (group: number) => Label
  /** By row. */
  readonly groups: () => Uint8Array | Uint16Array
  /** Where groups stand one behind the other: for each the row behind its last. */
  readonly ends?: readonly number[] | undefined
}

/** Integers that lie no farther apart are groups by their place between the least and the largest. */
const mostIntegers = 1_024

/** Sorts the rows of a block by one grouping. A line with several values belongs to the group of the first. */
export async function groupRows(block: BlockReader, grouping: Grouping, rows: RowBits): Promise<LocalGroups> {
  if ('bucket' in grouping) return byTime(block, grouping.bucket, rows)
  const columns = await columnsOf(block, grouping.field)
  return (columns.length === 1 ? byColumn(block, columns[0]!) : undefined) ?? byValue(block, grouping.field, rows)
}

async function byTime(block: BlockReader, width: number, rows: RowBits): Promise<LocalGroups> {
  const { minTime, maxTime, rows: count } = block.layout
  const first = Math.floor(minTime / width)
  const size = Math.floor(maxTime / width) - first + 1
  const labelOf = (group: number): number => (first + group) * width
  if (block.isInOrder && size * 16 <= count) {
    const ends: number[] = []
    for (let group = 1; group <= size; group++) ends.push(await block.rowAt((first + group) * width))
    return { size, labelOf, groups: () => groupsBetween(ends), ends }
  }
  const times = await block.times()
  const groups = new Uint16Array(count)
  if (size <= 0x1_0000) {
    for (let row = 0; row < count; row++) groups[row] = Math.floor(times[row]! / width) - first
    return { size, labelOf, groups: () => groups }
  }
  const interner = new Interner<number>()
  for (const row of rowsOf(rows)) groups[row] = interner.groupOf(Math.floor(times[row]! / width) * width)
  return interner.groups(groups)
}

function groupsBetween(ends: readonly number[]): Uint16Array {
  const groups = new Uint16Array(ends.at(-1)!)
  for (const [group, end] of ends.entries()) groups.fill(group, group === 0 ? 0 : ends[group - 1], end)
  return groups
}

/** Where the one column with the field keeps codes, or integers that lie close together: no value becomes a text. */
function byColumn(block: BlockReader, column: BlockColumn): LocalGroups | undefined {
  const { values, layout, part } = column
  if (values.type === 'codes') {
    const labels = layout.values.map((value) => meantLabel(value, layout.kind === 'string'))
    return byPlace(block, column, values.codes, labels.length, (code) => labels[code]!)
  }
  if (values.type !== 'integers' || part.range === undefined) return undefined
  const [least, most] = part.range
  if (most - least >= mostIntegers) return undefined
  const places = new Uint16Array(values.integers.length)
  for (let index = 0; index < places.length; index++) places[index] = values.integers[index]! - least
  return byPlace(block, column, places, most - least + 1, (place) => String(least + place))
}

/** Groups that each value of a column has; where some rows have no value, group 0 is theirs. */
function byPlace(
  { layout }: BlockReader,
  { rows }: BlockColumn,
  places: Uint8Array | Uint16Array,
  size: number,
  labelOf: (place: number) => Label,
): LocalGroups {
  if (rows === undefined) return { size, labelOf, groups: () => places }
  const groups = new Uint16Array(layout.rows)
  // The first value of a row comes last; `null` is none.
  for (let index = places.length - 1; index >= 0; index--)
    if (labelOf(places[index]!) !== null) groups[rows[index]!] = places[index]! + 1
  return {
    size: size + 1,
    labelOf: (group) => (group === 0 ? null : labelOf(group - 1)),
    groups: () => groups,
  }
}

/** The plain way: looks at one value after the other. */
export async function byValue(block: BlockReader, field: string, rows: RowBits): Promise<LocalGroups> {
  const groups = new Uint16Array(block.layout.rows)
  const interner = new Interner<string | null>()
  interner.groupOf(null)
  await forEachValue(block, field, rows, (row, value) => {
    if (groups[row] === 0) groups[row] = interner.groupOf(String(value))
  })
  return interner.groups(groups)
}

function meantLabel(value: string, isString: boolean): string | null {
  if (isString) return value.includes('\\') ? (JSON.parse(`"${value}"`) as string) : value
  return value === 'null' ? null : value
}

class Interner<Of extends Label> {
  readonly #labels: Of[] = []
  readonly #groups = new Map<Of, number>()

  groupOf(label: Of): number {
    let group = this.#groups.get(label)
    if (group === undefined) {
      group = this.#labels.push(label) - 1
      this.#groups.set(label, group)
    }
    return group
  }

  groups(groups: Uint16Array): LocalGroups {
    const labels = this.#labels
    return { size: labels.length, labelOf: (group) => labels[group]!, groups: () => groups }
  }
}
