import { storeErrors } from '../errors.ts'
import { countRows, rowsOf, type RowBits } from '../segment/bits.ts'
import type { BlockReader } from '../segment/block-reader.ts'
import { createAccumulator, type Accumulator } from './accumulator.ts'
import { forEachValue } from './field-values.ts'
import type { Pipe } from './filter.ts'
import { groupRows, type LocalGroups } from './group-rows.ts'
import type { ScanContext } from './scan-context.ts'

/** A row of a table: texts, numbers, or `null` where there is nothing. */
export type Row = Readonly<Record<string, string | number | null>>

type Label = string | number | null

/** Cells of groups in a block that are found by place; more are found by name. */
const mostCells = 2 ** 20

/** Works out `stats` over blocks. */
export class Aggregate {
  readonly #stats: Extract<Pipe, { type: 'stats' }>
  readonly #context: ScanContext
  readonly #groups = new Map<string, number>()
  readonly #labels: (readonly Label[])[] = []
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
    const matched = rowsOf(rows)
    if (functions.every(({ name, field }) => (name === 'count' || name === 'rate') && field === undefined)) {
      await this.#countCells(block, rows, matched)
      return
    }
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
    const order = [...this.#labels.keys()].sort((a, b) => compareLabels(this.#labels[a]!, this.#labels[b]!))
    return order.map(
      (group) =>
        Object.fromEntries([
          ...by.map((grouping, index) => {
            const label = this.#labels[group]![index]!
            return [grouping.as, 'bucket' in grouping ? new Date(label as number).toISOString() : label]
          }),
          ...functions.map(({ as }, index) => [as, this.#accumulators[index]!.result(group, span)]),
        ]) as Row,
    )
  }

  /** Where lines are only counted, cells are counted before their groups are looked up. */
  async #countCells(block: BlockReader, rows: RowBits, matched: Uint16Array): Promise<void> {
    const { cells, cellOf, labelsOf } = await this.#cellsOf(block, rows)
    const counts = cells <= mostCells ? new Uint32Array(cells) : new Map<number, number>()
    if (counts instanceof Map) for (const row of matched) counts.set(cellOf(row), (counts.get(cellOf(row)) ?? 0) + 1)
    else for (let index = 0; index < matched.length; index++) counts[cellOf(matched[index]!)]!++
    for (const [cell, count] of counts.entries()) {
      if (count === 0) continue
      const group = this.#groupOf(labelsOf(cell))
      for (const each of this.#accumulators) each.addRow(group, count)
    }
  }

  /** Cells of the groupings together, each a combination of labels that may occur in the block. */
  async #cellsOf(block: BlockReader, rows: RowBits) {
    const locals: LocalGroups[] = []
    for (const grouping of this.#stats.by) locals.push(await groupRows(block, grouping, rows))
    const cells = locals.reduce((product, { labels }) => product * labels.length, 1)
    const [first, second] = locals
    const width = second?.labels.length ?? 1
    const cellOf =
      locals.length === 1
        ? (row: number): number => first!.ids[row]!
        : locals.length === 2
          ? (row: number): number => first!.ids[row]! * width + second!.ids[row]!
          : (row: number): number => locals.reduce((cell, { ids, labels }) => cell * labels.length + ids[row]!, 0)
    const labelsOf = (cell: number): Label[] => {
      let rest = cell
      return locals
        .toReversed()
        .map(({ labels }) => {
          const label = labels[rest % labels.length]!
          rest = Math.floor(rest / labels.length)
          return label
        })
        .toReversed()
    }
    return { cells, cellOf, labelsOf }
  }

  /** The group of each row. */
  async #groupsOf(block: BlockReader, rows: RowBits, matched: Uint16Array): Promise<Uint32Array> {
    const groups = new Uint32Array(block.layout.rows)
    const { by } = this.#stats
    if (by.length === 0) return groups.fill(this.#groupOf([]))
    const { cells, cellOf, labelsOf } = await this.#cellsOf(block, rows)
    const byPlace = cells <= mostCells ? new Int32Array(cells).fill(-1) : undefined
    const byName = new Map<number, number>()
    for (const row of matched) {
      const cell = cellOf(row)
      let group = byPlace === undefined ? (byName.get(cell) ?? -1) : byPlace[cell]!
      if (group < 0) {
        group = this.#groupOf(labelsOf(cell))
        if (byPlace === undefined) byName.set(cell, group)
        else byPlace[cell] = group
      }
      groups[row] = group
    }
    return groups
  }

  #groupOf(labels: readonly Label[]): number {
    const key = JSON.stringify(labels)
    let group = this.#groups.get(key)
    if (group === undefined) {
      group = this.#labels.push(labels) - 1
      if (group >= this.#context.limits.groups)
        throw storeErrors.LOGS_QUERY_TOO_COSTLY({ limit: `${this.#context.limits.groups} groups` })
      this.#groups.set(key, group)
    }
    return group
  }
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
