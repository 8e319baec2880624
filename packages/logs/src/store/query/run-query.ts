import { ExprsnError } from '@exprsn/core'
import { storeErrors } from '../errors.ts'
import { countRows, hasRows } from '../segment/bits.ts'
import { BlockReader } from '../segment/block-reader.ts'
import type { Searchable } from '../segment/searchable.ts'
import { Aggregate, type Row } from './aggregate.ts'
import { LineCollector, type LinePlace, type LogLine } from './collect-lines.ts'
import { compileFilter, secondsOf, timeBounds, type CompiledFilter } from './compile-filter.ts'
import { readCursor } from './cursor.ts'
import { forEachValue } from './field-values.ts'
import type { Pipe, Query } from './filter.ts'
import { PatternCounter } from './patterns.ts'
import { applyToRows, planLines, rowOf, sortLines } from './pipes.ts'
import type { QueryCosts, ScanContext, SegmentCosts } from './scan-context.ts'
import { everyRow, SegmentSearch } from './segment-search.ts'

/** What a query found. */
export type QueryResult =
  | {
      readonly kind: 'lines'
      readonly lines: readonly LogLine[]
      /** Where the next page begins, when there may be one. */
      readonly cursor: string | undefined
      readonly costs: QueryCosts
    }
  | {
      readonly kind: 'rows'
      readonly columns: readonly string[]
      readonly rows: readonly Row[]
      readonly costs: QueryCosts
    }

/** Which of the lines that match are wanted. */
export interface LineChoice {
  /** How many at most. */
  readonly limit: number
  readonly order: 'newest' | 'oldest'
  /** Of the page before. */
  readonly cursor?: string | undefined
}

/** A segment that a query may look at; opened when it is needed. */
export interface SearchTarget {
  readonly name: string
  readonly rows: number
  readonly minTime: number
  readonly maxTime: number
  open(): Promise<Searchable>
}

type StatsPipe = Extract<Pipe, { type: 'stats' }>

/** What is done with the blocks of a scan. */
export interface ScanSteps {
  /** Of a block in which rows may match. */
  onBlock(block: BlockReader, search: SegmentSearch): Promise<void>
  /** Of a block of which it is known without a look at it how many rows match; asked for instead of `onBlock` where it is there. */
  readonly onCount?: ((count: number) => void) | undefined
  /** Whether lines from a span of time can still be wanted. */
  readonly wants?: ((minTime: number, maxTime: number) => boolean) | undefined
  /** Where blocks are looked at from the last to the first: lines stand in them about as they came. */
  readonly isBackwards?: boolean | undefined
}

/** Answers a query on segments, the newest or the oldest first. */
export async function runQuery(
  query: Query,
  targets: readonly SearchTarget[],
  choice: LineChoice,
  context: ScanContext,
): Promise<QueryResult> {
  const filter = await compileFilter(query.filter)
  const [first, ...others] = query.pipes
  if (first?.type === 'stats') {
    const rows = await aggregate(filter, first, targets, context)
    const columns = [...first.by, ...first.functions].map(({ as }) => as)
    return { kind: 'rows', ...applyToRows(rows, columns, others), costs: context.costs }
  }
  if (first?.type === 'patterns') {
    const rows = await patterns(filter, targets, context)
    return { kind: 'rows', ...applyToRows(rows, ['pattern', 'count', 'sample'], others), costs: context.costs }
  }
  return lines(filter, query.pipes, targets, choice, context)
}

/** Looks at each block in which rows may match. */
export async function scan(
  filter: CompiledFilter,
  targets: readonly SearchTarget[],
  context: ScanContext,
  steps: ScanSteps,
): Promise<void> {
  const { from, to } = timeBounds(filter)
  const { costs } = context
  for (const target of targets) {
    const { minTime, maxTime } = target
    costs.segments++
    const isInTime = maxTime >= from && minTime < to
    const skipped = !isInTime ? 'time' : (steps.wants?.(minTime, maxTime) ?? true) ? undefined : 'order'
    const { name, rows } = target
    const counts = { blocks: 0, skippedByTime: 0, skippedByOrder: 0, skippedByIndex: 0, matched: 0 }
    const own: SegmentCosts = { name, rows, minTime, maxTime, skipped, ...counts }
    context.segments.push(own)
    if (skipped !== undefined) {
      costs.segmentsSkipped++
      continue
    }
    await context.breathe()
    const before = costs.matched
    try {
      await scanSegment(await target.open(), filter, context, own, steps)
      own.matched = costs.matched - before
    } catch (error) {
      if (!context.skipsDamage || !ExprsnError.is(error) || error.code !== 'LOGS_STORE_SEGMENT_DAMAGED') throw error
      costs.damaged.push(error.message)
    }
  }
}

async function scanSegment(
  searchable: Searchable,
  filter: CompiledFilter,
  context: ScanContext,
  own: SegmentCosts,
  { onBlock, onCount, wants, isBackwards = false }: ScanSteps,
): Promise<void> {
  const { from, to } = timeBounds(filter)
  const { costs } = context
  costs.blocks += searchable.blocks.length
  own.blocks = searchable.blocks.length
  const search = await SegmentSearch.plan(searchable, filter)
  const { length } = searchable.blocks
  for (let index = 0; index < length; index++) {
    const number = isBackwards ? length - 1 - index : index
    const { minTime, maxTime } = searchable.blocks[number]!
    if (maxTime < from || minTime >= to) own.skippedByTime++
    else if (wants !== undefined && !wants(minTime, maxTime)) own.skippedByOrder++
    else {
      const count = search.countOf(filter, number)
      if (count !== undefined && onCount !== undefined) {
        costs.matched += count
        onCount(count)
      } else if (count !== 0) {
        await context.breathe()
        const block = new BlockReader(searchable, number)
        await onBlock(block, search)
        block.release()
        if (block.wasRead) continue
      }
      own.skippedByIndex++
    }
    costs.blocksSkipped++
  }
}

async function aggregate(
  filter: CompiledFilter,
  stats: StatsPipe,
  targets: readonly SearchTarget[],
  context: ScanContext,
) {
  const table = new Aggregate(stats, context)
  let counted = 0
  await scan(filter, targets, context, {
    async onBlock(block, search) {
      const rows = await search.match(filter, block, everyRow(block))
      const count = countRows(rows)
      if (count === 0) return
      context.costs.matched += count
      if (table.needsOnlyCount) counted += count
      else await table.add(block, rows)
    },
    onCount: table.needsOnlyCount ? (count) => (counted += count) : undefined,
  })
  if (counted > 0) table.addCount(counted)
  return table.rows(secondsOf(filter))
}

async function patterns(
  filter: CompiledFilter,
  targets: readonly SearchTarget[],
  context: ScanContext,
): Promise<Row[]> {
  const counter = new PatternCounter()
  await scan(filter, targets, context, {
    async onBlock(block, search) {
      const rows = await search.match(filter, block, everyRow(block))
      const count = countRows(rows)
      if (count === 0) return
      context.costs.matched += count
      const known = count === block.layout.rows ? await block.searchable.formsOf(block.number) : undefined
      if (known === undefined) await forEachValue(block, 'msg', rows, (_, value) => counter.add(String(value)))
      else for (const form of known) counter.addForm(form)
      if (counter.size > context.limits.lines)
        throw storeErrors.LOGS_QUERY_TOO_COSTLY({ limit: `${context.limits.lines} forms` })
    },
  })
  return counter.rows()
}

async function lines(
  filter: CompiledFilter,
  pipes: readonly Pipe[],
  targets: readonly SearchTarget[],
  { limit, order: plainOrder, cursor }: LineChoice,
  context: ScanContext,
): Promise<QueryResult> {
  const { order, most, sortKeys, columns } = planLines(pipes, limit, plainOrder)
  const needsAll = sortKeys !== undefined
  const collector = new LineCollector(
    needsAll ? context.limits.lines + 1 : most,
    order,
    cursor === undefined ? undefined : placeOf(cursor),
  )
  await scan(filter, targets, context, {
    async onBlock(block, search) {
      const rows = await search.match(filter, block, everyRow(block))
      if (!hasRows(rows)) return
      context.costs.matched += countRows(rows)
      await collector.add(block, rows)
    },
    wants: (minTime, maxTime) => collector.wants(minTime, maxTime),
    isBackwards: order === 'newest',
  })
  const found = await collector.lines()
  if (needsAll && found.length > context.limits.lines)
    throw storeErrors.LOGS_QUERY_TOO_COSTLY({ limit: `${context.limits.lines} lines to sort` })
  const sorted = needsAll ? sortLines(found, sortKeys).slice(0, most) : found
  if (columns !== undefined)
    return { kind: 'rows', columns, rows: sorted.map((line) => rowOf(line, columns)), costs: context.costs }
  const last = sorted.length === most && !needsAll ? sorted.at(-1) : undefined
  return { kind: 'lines', lines: sorted, cursor: last && `${last.time}-${last.sequence}`, costs: context.costs }
}

function placeOf(cursor: string): LinePlace {
  const [time, sequence] = readCursor(cursor, /^(\d{1,15})-(\d{1,16})$/)
  return { time: Number(time), sequence: Number(sequence) }
}
