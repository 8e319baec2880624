import { storeErrors } from '../errors.ts'
import { countRows, rowsOf, type RowBits } from '../segment/bits.ts'
import type { BlockReader } from '../segment/block-reader.ts'
import { createAccumulator, type Accumulator } from './accumulator.ts'
import { countCells, joinGroups } from './cells.ts'
import { forEachValue } from './field-values.ts'
import type { Pipe } from './filter.ts'
import { GroupTree } from './group-tree.ts'
import { groupRows, type Label, type LocalGroups } from './group-rows.ts'
import type { ScanContext } from './scan-context.ts'

/** A row of a table: texts, numbers, or `null` where there is nothing. */
export type Row = Readonly<Record<string, string | number | null>>

/** Works out `stats` over blocks. */
export class Aggregate {
  readonly #stats: Extract<Pipe, { type: 'stats' }>
  readonly #context: ScanContext
  readonly #groups = new GroupTree()
  readonly #accumulators: readonly Accumulator[]
  #firstTime = Infinity
  #lastTime = -Infinity

  constructor(stats: Extract<Pipe, { type: 'stats' }>, context: ScanContext) {
    this.#stats = stats
    this.#context = context
    const keep = { left: context.limits.groups }
    this.#accumulators = stats.functions.map((each) =>
      createAccumulator(each, () => {
        if (--keep.left < 0) throw storeErrors.LOGS_QUERY_TOO_COSTLY({ limit: `${context.limits.groups} values` })
      }),
    )
  }

  /** Whether a number of rows is all that is needed of a block. */
  get needsOnlyCount(): boolean {
    return (
      this.#stats.by.length === 0 &&
      this.#stats.functions.every(({ name, field }) => name === 'count' && field === undefined)
    )
  }

  /** Adds rows that were only counted. */
  addCount(count: number): void {
    const group = this.#groupOf([])
    for (const each of this.#accumulators) each.addRow(group, count)
  }

  /** Adds the rows of a block. */
  async add(block: BlockReader, rows: RowBits): Promise<void> {
    const { functions } = this.#stats
    this.#firstTime = Math.min(this.#firstTime, block.layout.minTime)
    this.#lastTime = Math.max(this.#lastTime, block.layout.maxTime)
    if (this.needsOnlyCount) return this.addCount(countRows(rows))
    if (functions.every(({ name, field }) => (name === 'count' || name === 'rate') && field === undefined))
      return this.#countCells(block, rows)
    const matched = rowsOf(rows)
    const groups = await this.#groupsOf(block, rows, matched)
    for (const [index, { name, field }] of functions.entries()) {
      const accumulator = this.#accumulators[index]!
      if (field === undefined) for (const row of matched) accumulator.addRow(groups[row]!, 1)
      else {
        const seen = name === 'count' ? new Uint8Array(block.layout.rows) : undefined
        await forEachValue(block, field, rows, (row, value) => {
          if (seen === undefined) accumulator.addValue(groups[row]!, value)
          else if (seen[row] === 0) {
            seen[row] = 1
            accumulator.addRow(groups[row]!, 1)
          }
        })
      }
    }
  }

  /** The table, ordered by its groups. */
  rows(seconds: number | undefined): Row[] {
    const { functions, by } = this.#stats
    if (by.length === 0) this.#groupOf([])
    const span = seconds ?? Math.max(1, (this.#lastTime - this.#firstTime) / 1_000)
    const { labels } = this.#groups
    const order = [...labels.keys()].sort((a, b) => compareLabels(labels[a]!, labels[b]!))
    const titles = [...by, ...functions].map(({ as }) => as)
    const texts = new Map<number, string>()
    const cellOf = (group: number, column: number): string | number | null => {
      if (column >= by.length) return this.#accumulators[column - by.length]!.result(group, span)
      const label = labels[group]![column]!
      return 'bucket' in by[column]! ? isoTimeOf(label as number, texts) : label
    }
    return order.map((group) => Object.fromEntries(titles.map((as, column) => [as, cellOf(group, column)])) as Row)
  }

  /** Where lines are only counted, cells are counted before their groups are looked up. */
  async #countCells(block: BlockReader, rows: RowBits): Promise<void> {
    countCells(await this.#groupingsOf(block, rows), rows, block.layout.rows, (labels, count) => {
      const group = this.#groupOf(labels)
      for (const each of this.#accumulators) each.addRow(group, count)
    })
  }

  /** The group of each row. */
  async #groupsOf(block: BlockReader, rows: RowBits, matched: Uint16Array): Promise<Uint32Array> {
    const groups = new Uint32Array(block.layout.rows)
    if (this.#stats.by.length === 0) return groups.fill(this.#groupOf([]))
    const { ids, size, labelsOf } = joinGroups(await this.#groupingsOf(block, rows), block.layout.rows)
    const groupOfCell = new Int32Array(size).fill(-1)
    for (const row of matched) {
      const cell = ids[row]!
      if (groupOfCell[cell]! < 0) groupOfCell[cell] = this.#groupOf(labelsOf(cell))
      groups[row] = groupOfCell[cell]!
    }
    return groups
  }

  async #groupingsOf(block: BlockReader, rows: RowBits): Promise<LocalGroups[]> {
    const groupings = []
    for (const grouping of this.#stats.by) groupings.push(await groupRows(block, grouping, rows))
    return groupings
  }

  #groupOf(labels: readonly Label[]): number {
    const group = this.#groups.groupOf(labels)
    if (group >= this.#context.limits.groups)
      throw storeErrors.LOGS_QUERY_TOO_COSTLY({ limit: `${this.#context.limits.groups} groups` })
    return group
  }
}

/** Most groups share their bucket with others. */
function isoTimeOf(time: number, known: Map<number, string>): string {
  let text = known.get(time)
  if (text === undefined) known.set(time, (text = new Date(time).toISOString()))
  return text
}

function compareLabels(first: readonly Label[], second: readonly Label[]): number {
  for (let index = 0; index < first.length; index++) {
    const order = compareValues(first[index]!, second[index]!)
    if (order !== 0) return order
  }
  return 0
}

/** Nothing first, then numbers, then texts by their UTF-16 units. */
export function compareValues(first: Label, second: Label): number {
  if (first === second) return 0
  if (first === null || second === null) return first === null ? -1 : 1
  if (typeof first === 'number' && typeof second === 'number') return first - second
  if (typeof first !== typeof second) return typeof first === 'number' ? -1 : 1
  return first < second ? -1 : 1
}
