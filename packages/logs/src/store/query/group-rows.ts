import { rowsOf, type RowBits } from '../segment/bits.ts'
import type { BlockReader } from '../segment/block-reader.ts'
import type { Grouping } from './filter.ts'
import { columnsOf, forEachValue } from './field-values.ts'

/** Which group of a grouping each row of a block belongs to. */
export interface LocalGroups {
  /** By row, an index into `labels`. */
  readonly ids: Uint16Array
  /** Texts of fields, `null` where a line has none; milliseconds of buckets. */
  readonly labels: readonly (string | number | null)[]
}

/** Sorts the rows of a block by one grouping. A line with several values belongs to the group of the first. */
export async function groupRows(block: BlockReader, grouping: Grouping, rows: RowBits): Promise<LocalGroups> {
  return 'bucket' in grouping ? byTime(block, grouping.bucket, rows) : byField(block, grouping.field, rows)
}

async function byTime(block: BlockReader, width: number, rows: RowBits): Promise<LocalGroups> {
  const { minTime, maxTime, rows: count } = block.layout
  const first = Math.floor(minTime / width)
  const span = Math.floor(maxTime / width) - first + 1
  const ids = new Uint16Array(count)
  if (span === 1) return { ids, labels: [first * width] }
  const times = await block.times()
  if (span <= 0x1_0000) {
    for (let row = 0; row < count; row++) ids[row] = Math.floor(times[row]! / width) - first
    return { ids, labels: Array.from({ length: span }, (_, index) => (first + index) * width) }
  }
  const interner = new Interner<number>()
  for (const row of rowsOf(rows)) ids[row] = interner.idOf(Math.floor(times[row]! / width) * width)
  return { ids, labels: interner.labels }
}

async function byField(block: BlockReader, field: string, rows: RowBits): Promise<LocalGroups> {
  const ids = new Uint16Array(block.layout.rows)
  const columns = await columnsOf(block, field)
  const [only] = columns
  if (
    columns.length === 1 &&
    only!.values.type === 'codes' &&
    only!.rows === undefined &&
    only!.layout.kind !== 'raw'
  ) {
    const { codes } = only!.values
    for (let row = 0; row < codes.length; row++) ids[row] = codes[row]!
    return { ids, labels: only!.layout.values.map((value) => labelOf(value, only!.layout.kind === 'string')) }
  }
  const interner = new Interner<string | null>()
  interner.idOf(null)
  await forEachValue(block, field, rows, (row, value) => {
    if (ids[row] === 0) ids[row] = interner.idOf(String(value))
  })
  return { ids, labels: interner.labels }
}

function labelOf(value: string, isString: boolean): string | null {
  if (isString) return value.includes('\\') ? (JSON.parse(`"${value}"`) as string) : value
  return value === 'null' ? null : value
}

class Interner<Label> {
  readonly labels: Label[] = []
  readonly #ids = new Map<Label, number>()

  idOf(label: Label): number {
    let id = this.#ids.get(label)
    if (id === undefined) {
      id = this.labels.push(label) - 1
      this.#ids.set(label, id)
    }
    return id
  }
}
