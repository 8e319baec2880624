import { milliseconds, silentLogger, systemClock, systemRandom, type Duration, type Timer } from '@exprsn/core'
import { systemDisk } from '@exprsn/core/disk'
import type { Sink } from '../sink/sink.ts'
import { intoSegments, linesOf, readableLinesOf, sortedLines } from './engine/rewrite.ts'
import { expired, toCompact } from './engine/plan-maintenance.ts'
import { isGone, StoreCore, type Snapshot } from './engine/store-core.ts'
import type { LogStoreOptions, QueryOptions } from './engine/store-options.ts'
import type { TailBatch } from './engine/tail-hub.ts'
import type { LogStore, LogStoreStatus, MaintenanceResult, SegmentCheck, TailOptions } from './log-store.ts'
import { storeErrors } from './errors.ts'
import { folderFiles } from './files/folder-files.ts'
import type { SegmentEntry } from './files/manifest.ts'
import { objectFiles } from './files/object-files.ts'
import { lineOf, type LinePlace, type LogLine } from './query/collect-lines.ts'
import { compileFilter } from './query/compile-filter.ts'
import type { Query } from './query/filter.ts'
import { parseQuery } from './query/parse-query.ts'
import { runQuery, scan, type QueryResult } from './query/run-query.ts'
import { ScanContext } from './query/scan-context.ts'
import { everyRow } from './query/segment-search.ts'
import { countRows, hasRows, type RowBits } from './segment/bits.ts'
import type { Searchable } from './segment/searchable.ts'
import { verifySegment } from './segment/verify-segment.ts'

/**
 * Makes a store of log lines that is searched without a server. Nothing happens before the first call. The grammar of
 * queries stands in the guide. The first process that opens a folder writes to it; others read what is in segments.
 *
 * @throws `LOGS_STORE_OPTION_INVALID`
 * @example
 * ```ts
 * import { makeTemporaryFolder, removeTree, systemDisk } from '@exprsn/core/disk'
 * import { createLogStore } from '@exprsn/logs/store'
 *
 * const path = await makeTemporaryFolder(systemDisk)
 * const store = createLogStore({ path })
 * await store.append(['{"level":50,"service":"api","msg":"upstream timed out"}', '{"level":30,"service":"web","msg":"ok"}'])
 *
 * const found = await store.query('level:error service:api "timed out"')
 * console.log(found.kind === 'lines' && found.lines[0]?.text) // {"level":50,"service":"api","msg":"upstream timed out"}
 * const table = await store.query('* | stats count() by service')
 * console.log(table.kind === 'rows' && table.rows) // [ { service: 'api', count: 1 }, { service: 'web', count: 1 } ]
 *
 * await store.close()
 * await removeTree(systemDisk, path)
 * ```
 */
export function createLogStore(options: LogStoreOptions): LogStore {
  return new Store(options)
}

class Store implements LogStore {
  readonly #options: LogStoreOptions
  readonly #core: StoreCore
  readonly #maxLine: number
  #timers: Timer[] = []
  #isStarted = false
  #closing: Promise<void> | undefined

  constructor(options: LogStoreOptions) {
    const {
      path,
      store,
      prefix = '',
      disk = systemDisk,
      clock = systemClock,
      random = systemRandom,
      logger = silentLogger,
    } = options
    if (path === undefined && store === undefined)
      throw storeErrors.LOGS_STORE_OPTION_INVALID({ option: 'path', value: undefined })
    for (const option of ['sealAfter', 'maintenanceInterval', 'queryTimeout'] as const)
      checkDuration(option, options[option])
    checkDuration('retention.age', options.retention?.age)
    for (const { query, age } of options.retention?.streams ?? []) {
      checkDuration('retention.streams', age)
      parseQuery(query, 0)
    }
    this.#options = options
    this.#maxLine = options.maxLine ?? 64 * 2 ** 20
    const files = store === undefined ? folderFiles(disk, path!, random) : objectFiles(store, prefix)
    this.#core = new StoreCore({ files, path, disk, clock, logger })
  }

  async append(input: string | Uint8Array | readonly (string | Uint8Array)[]): Promise<void> {
    this.#start()
    const lines = (
      Array.isArray(input) ? (input as readonly (string | Uint8Array)[]) : [input as string | Uint8Array]
    ).map((line) => (typeof line === 'string' ? Buffer.from(line) : line))
    for (const { length } of lines)
      if (length > this.#maxLine) throw storeErrors.LOGS_STORE_LINE_TOO_LARGE({ bytes: length, limit: this.#maxLine })
    if (lines.length > 0) await this.#core.append(lines)
  }

  async query(query: string | Query, options: QueryOptions = {}): Promise<QueryResult> {
    const { limit = 100, order = 'newest', cursor } = options
    if (!Number.isSafeInteger(limit) || limit < 0)
      throw storeErrors.LOGS_STORE_OPTION_INVALID({ option: 'limit', value: limit })
    const parsed = this.#parse(query)
    return this.#withSnapshot(order, (snapshot) =>
      runQuery(parsed, snapshot.targets, { limit, order, cursor }, this.#contextOf(options)),
    )
  }

  async *tail(
    query: string | Query,
    { signal, buffer = 10_000, onDropped }: TailOptions = {},
  ): AsyncGenerator<LogLine> {
    this.#start()
    const { filter, pipes } = this.#parse(query)
    if (pipes.length > 0) throw storeErrors.LOGS_QUERY_INVALID({ offset: 0, reason: 'a tail has no pipes' })
    const key = typeof query === 'string' ? query : JSON.stringify(query)
    const batches: AsyncIterable<TailBatch> = this.#core.tails.follow(key, await compileFilter(filter), buffer, signal)
    for await (const { lines, dropped } of batches) {
      yield* lines
      if (dropped > 0) onDropped?.(dropped)
    }
  }

  async *export(
    query: string | Query = '*',
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<LogLine> {
    this.#start()
    const { filter } = this.#parse(query)
    const snapshot = await this.#core.snapshot('oldest')
    try {
      const compiled = await compileFilter(filter)
      for (const target of snapshot.targets) {
        const rows = await this.#matching(compiled, { ...snapshot, targets: [target] }, signal)
        const found = rows.get(target.name)
        if (found === undefined) continue
        const segment = await target.open()
        for await (const line of linesOf(segment, inverted(found, segment))) yield lineOf(line, line.bytes)
      }
    } finally {
      snapshot.release()
    }
  }

  async facets(query: string | Query, fields: readonly string[], options: QueryOptions = {}) {
    const { limit = 10 } = options
    const { filter } = this.#parse(query)
    const facets: [string, { value: string; count: number }[]][] = []
    for (const field of fields) {
      const stats = {
        type: 'stats',
        functions: [{ name: 'count', as: 'count' }],
        by: [{ field, as: 'value' }],
      } as const
      const sort = {
        type: 'sort',
        keys: [
          { name: 'count', isDescending: true },
          { name: 'value', isDescending: false },
        ],
      } as const
      const result = await this.query({ filter, pipes: [stats, sort] }, options)
      const rows = result.kind === 'rows' ? result.rows.filter(({ value }) => value !== null) : []
      facets.push([
        field,
        rows.slice(0, limit).map(({ value, count }) => ({ value: String(value), count: Number(count) })),
      ])
    }
    return Object.fromEntries(facets)
  }

  async context(
    { time, sequence }: LinePlace,
    { before = 10, after = 10 }: { readonly before?: number | undefined; readonly after?: number | undefined } = {},
  ) {
    const all = { filter: { type: 'all' }, pipes: [] } as const
    const [earlier, later] = [
      await this.query(all, { limit: before, order: 'newest', cursor: `${time}-${sequence}` }),
      await this.query(all, { limit: after, order: 'oldest', cursor: `${time}-${sequence}` }),
    ]
    const linesIn = (result: QueryResult): readonly LogLine[] => (result.kind === 'lines' ? result.lines : [])
    return [...linesIn(earlier).toReversed(), ...linesIn(later)]
  }

  async delete(query: string | Query, { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<number> {
    this.#start()
    const { filter } = this.#parse(query)
    const compiled = await compileFilter(filter)
    return this.#core.turns.run(async () => {
      await this.#core.open()
      if (!this.#core.isWriter) throw storeErrors.LOGS_STORE_READ_ONLY({ path: this.#options.path ?? '' })
      // What is in memory stands in the log as well: as a segment it can be rewritten like all others.
      await this.#core.seal()
      const snapshot = await this.#core.snapshot('oldest')
      try {
        const rows = await this.#matching(compiled, snapshot, signal)
        const changed = this.#core.manifest.segments.filter(({ name }) => rows.has(name))
        if (changed.length === 0) return 0
        const { targets } = snapshot
        await this.#core.rewrite(
          changed,
          remaining(changed, async (name) => await targets.find((each) => each.name === name)!.open(), rows),
        )
        let count = 0
        for (const blocks of rows.values()) for (const bits of blocks.values()) count += countRows(bits)
        return count
      } finally {
        snapshot.release()
      }
    })
  }

  flush(): Promise<void> {
    this.#start()
    return this.#core.turns.run(async () => {
      await this.#core.open()
      if (this.#core.isWriter) await this.#core.seal()
    })
  }

  async maintain(): Promise<MaintenanceResult> {
    const { retention = {}, compactAt = 8, clock = systemClock } = this.#options
    let deleted = 0
    for (const { query, age } of retention.streams ?? []) {
      const { filter } = this.#parse(query)
      const time = { type: 'time', from: -Infinity, to: clock.now() - milliseconds(age) } as const
      deleted += await this.delete({ filter: { type: 'and', filters: [filter, time] }, pipes: [] })
    }
    return this.#core.turns.run(async () => {
      await this.#core.open()
      if (!this.#core.isWriter) return { compacted: 0, expired: 0, deleted }
      const gone = expired(this.#core.manifest.segments, retention, clock.now())
      if (gone.length > 0) await this.#core.replace(gone, [], {})
      const small = toCompact(this.#core.manifest.segments, compactAt)
      if (small.length > 0) await this.#compact(small)
      return { compacted: small.length, expired: gone.length, deleted }
    })
  }

  async verify(): Promise<readonly SegmentCheck[]> {
    return this.#withSnapshot('oldest', async ({ targets }) => {
      const checks: SegmentCheck[] = []
      for (const target of targets)
        checks.push({ name: target.name, rows: target.rows, problem: await verifySegment(() => target.open()) })
      return checks
    })
  }

  async repair(): Promise<number> {
    const damaged = (await this.verify()).filter(({ problem }) => problem !== undefined).map(({ name }) => name)
    return this.#core.turns.run(async () => {
      const snapshot = await this.#core.snapshot('oldest')
      try {
        const broken = this.#core.manifest.segments.filter(({ name }) => damaged.includes(name))
        if (broken.length === 0) return 0
        const made = await this.#core.rewrite(
          broken,
          intoSegments(
            readable(broken, (name) => snapshot.targets.find((each) => each.name === name)!.open()),
            false,
          ),
        )
        return broken.reduce((sum, { rows }) => sum + rows, 0) - made.reduce((sum, { rows }) => sum + rows, 0)
      } finally {
        snapshot.release()
      }
    })
  }

  sink({ name = 'store' }: { readonly name?: string | undefined } = {}): Sink {
    const inTurn = <Result>(task: () => Promise<Result>): Promise<Result> => {
      this.#start()
      return this.#core.turns.run(async () => {
        await this.#core.open()
        return task()
      })
    }
    return {
      name,
      limits: { records: 10_000, bytes: 4 * 2 ** 20 },
      places: {
        positionOf: (source) => inTurn(async () => this.#core.manifest.places[source] ?? 1),
        settle: () => inTurn(() => this.#core.seal()),
      },
      send: ({ records }) => inTurn(() => this.#core.take(records)),
    }
  }

  status(): LogStoreStatus {
    return { isWriter: this.#core.isWriter, waiting: this.#core.headRows, segments: this.#core.manifest.segments }
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#close())
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    for (const timer of this.#timers) timer.cancel()
    await this.#core.turns.run(() => this.#core.close())
  }

  #start(): void {
    if (this.#closing !== undefined) throw storeErrors.LOGS_STORE_CLOSED()
    if (this.#isStarted) return
    this.#isStarted = true
    const { sealAfter = '1m', maintenanceInterval = '1m' } = this.#options
    this.#repeat(sealAfter, () => this.flush())
    this.#repeat(maintenanceInterval, () => this.maintain())
  }

  #repeat(interval: Duration, task: () => Promise<unknown>): void {
    const delay = milliseconds(interval)
    if (delay === 0) return
    const { clock = systemClock, logger = silentLogger } = this.#options
    const run = (): void => {
      if (this.#closing !== undefined) return
      void task()
        .catch(
          (error: unknown) =>
            this.#closing === undefined && logger.error({ err: error }, 'The maintenance of the log store has failed.'),
        )
        .finally(() => (this.#timers[slot] = clock.setTimer(run, delay, { background: true })))
    }
    const slot = this.#timers.push(clock.setTimer(run, delay, { background: true })) - 1
  }

  async #compact(small: readonly SegmentEntry[]): Promise<void> {
    const snapshot = await this.#core.snapshot('oldest')
    try {
      const names = new Set(small.map(({ name }) => name))
      const segments = []
      for (const target of snapshot.targets) if (names.has(target.name)) segments.push(await target.open())
      await this.#core.rewrite(small, intoSegments(await sortedLines(segments), true))
    } finally {
      snapshot.release()
    }
  }

  /** The rows that match, by segment and block. */
  async #matching(filter: Awaited<ReturnType<typeof compileFilter>>, { targets }: Snapshot, signal?: AbortSignal) {
    const found = new Map<string, Map<number, RowBits>>()
    const context = this.#contextOf({ timeout: '1d', signal })
    await scan(filter, targets, context, async (block, search) => {
      const rows = await search.match(filter, block, everyRow(block))
      if (!hasRows(rows)) return
      const { name } = block.searchable
      const blocks = found.get(name) ?? new Map<number, RowBits>()
      found.set(name, blocks.set(block.number, rows))
    })
    return found
  }

  async #withSnapshot<Result>(
    order: 'newest' | 'oldest',
    use: (snapshot: Snapshot) => Promise<Result>,
  ): Promise<Result> {
    this.#start()
    for (let attempt = 1; ; attempt++) {
      const snapshot = await this.#core.snapshot(order)
      try {
        return await use(snapshot)
      } catch (error) {
        // The writer may replace segments at any time: what is there now has the same lines.
        if (this.#core.isWriter || attempt > 3 || !isGone(error)) throw error
      } finally {
        snapshot.release()
      }
    }
  }

  #parse(query: string | Query): Query {
    const { clock = systemClock } = this.#options
    return typeof query === 'string' ? parseQuery(query, clock.now()) : query
  }

  #contextOf({ timeout, signal, skipDamaged }: QueryOptions): ScanContext {
    const { clock = systemClock, queryTimeout = '30s', maxGroups = 1_000_000, maxSortedLines = 100_000 } = this.#options
    const limits = { timeout: milliseconds(timeout ?? queryTimeout), groups: maxGroups, lines: maxSortedLines }
    return new ScanContext(clock, limits, signal, skipDamaged)
  }
}

async function* remaining(
  segments: readonly SegmentEntry[],
  open: (name: string) => Promise<Searchable>,
  rows: ReadonlyMap<string, ReadonlyMap<number, RowBits>>,
) {
  // A segment each: two that are far apart in time must not become one.
  for (const { name } of segments) yield* intoSegments(linesOf(await open(name), rows.get(name)), false)
}

/** What can be read of segments, some of which cannot even be opened. */
async function* readable(segments: readonly SegmentEntry[], open: (name: string) => Promise<Searchable>) {
  for (const { name } of segments) {
    const searchable = await open(name).catch(() => undefined)
    if (searchable !== undefined) yield* readableLinesOf(searchable)
  }
}

/** Rows that do not match, of blocks that have some; all rows of others. */
function inverted(
  found: ReadonlyMap<number, RowBits>,
  { blocks }: { readonly blocks: readonly { readonly rows: number }[] },
): Map<number, RowBits> {
  return new Map(
    blocks.map(({ rows }, number) => {
      const bits = found.get(number) ?? new Uint32Array((rows + 31) >> 5)
      return [number, bits.map((word) => ~word)]
    }),
  )
}

function checkDuration(option: string, value: Duration | undefined): void {
  if (value === undefined) return
  try {
    milliseconds(value)
  } catch (cause) {
    throw storeErrors.LOGS_STORE_OPTION_INVALID({ option, value }, { cause })
  }
}
