import { countRows, rowsOf, type RowBits } from '../segment/bits.ts'
import type { Label, LocalGroups } from './group-rows.ts'

/** Combinations of the groups of several groupings in a block. */
export interface Cells {
  /** By row, below `size`. */
  readonly ids: Uint8Array | Uint16Array | Uint32Array
  readonly size: number
  /** The label of each grouping. */
  readonly labelsOf: (cell: number) => Label[]
}

/** Cells that have a place each in a table; of more, only those that occur have one. */
const mostPlaces = 65_536

/** The combinations of groupings, numbered as the digits of a number are. */
export function joinGroups(groupings: readonly LocalGroups[], rows: number): Cells {
  const [first, ...others] = groupings
  if (first === undefined) return { ids: new Uint8Array(rows), size: 1, labelsOf: () => [] }
  let cells: Cells = { ids: first.groups(), size: first.size, labelsOf: (group) => [first.labelOf(group)] }
  for (const each of others) cells = joined(cells, each)
  return cells.size > mostPlaces ? renumbered(cells) : cells
}

/**
 * Calls with the labels of every combination that some of the rows have, and with how many. Where rows of the same group
 * stand together, as those of the same time do, the others are counted from one end to the next.
 */
export function countCells(
  groupings: readonly LocalGroups[],
  rows: RowBits,
  count: number,
  onCell: (labels: Label[], count: number) => void,
): void {
  const at = groupings.findIndex(({ ends }) => ends !== undefined)
  const others = groupings.filter((_, index) => index !== at)
  let cells = joinGroups(others, count)
  let ends: readonly number[] = [count]
  if (at >= 0) {
    // With many cells it takes longer to look through them after each run than to tell the runs apart as well.
    if (cells.size * groupings[at]!.size > count) cells = joinGroups(groupings, count)
    else ends = groupings[at]!.ends!
  }
  const isRun = ends === groupings[at]?.ends
  const matched = countRows(rows) === count ? undefined : rowsOf(rows)
  const counts = new Uint32Array(cells.size)
  let from = 0
  for (const [run, end] of ends.entries()) {
    const to = matched === undefined ? end : behind(matched, end, from)
    countRange(cells, matched, from, to, counts)
    from = to
    for (let cell = 0; cell < counts.length; cell++) {
      if (counts[cell] === 0) continue
      const labels = cells.labelsOf(cell)
      if (isRun) labels.splice(at, 0, groupings[at]!.labelOf(run))
      onCell(labels, counts[cell]!)
      counts[cell] = 0
    }
  }
}

function countRange(
  { ids, size }: Cells,
  matched: Uint16Array | undefined,
  from: number,
  to: number,
  counts: Uint32Array,
): void {
  if (size === 1) counts[0] = to - from
  else if (matched === undefined) for (let row = from; row < to; row++) counts[ids[row]!]!++
  else for (let index = from; index < to; index++) counts[ids[matched[index]!]!]!++
}

/** The first place, from one on, of a row that is not before another. */
function behind(rows: Uint16Array, row: number, from: number): number {
  let place = from
  while (place < rows.length && rows[place]! < row) place++
  return place
}

function joined(cells: Cells, { groups, size, labelOf }: LocalGroups): Cells {
  const { ids: high, size: highSize, labelsOf } = cells.size * size > 2 ** 32 ? renumbered(cells) : cells
  const low = groups()
  const ids = new Uint32Array(low.length)
  for (let row = 0; row < ids.length; row++) ids[row] = high[row]! * size + low[row]!
  return {
    ids,
    size: highSize * size,
    labelsOf: (cell) => [...labelsOf(Math.floor(cell / size)), labelOf(cell % size)],
  }
}

/** The same with numbers for the cells that occur and no others. */
function renumbered({ ids, labelsOf }: Cells): Cells {
  const numbers = new Map<number, number>()
  const cells: number[] = []
  const dense = Uint32Array.from(ids, (cell) => {
    let number = numbers.get(cell)
    if (number === undefined) {
      number = cells.push(cell) - 1
      numbers.set(cell, number)
    }
    return number
  })
  return { ids: dense, size: cells.length, labelsOf: (cell) => labelsOf(cells[cell]!) }
}
