import type { Sink } from '../sink/sink.ts'
import { deleteLines, repairSegments } from './engine/change-lines.ts'
import { createCompactor, type Compactor } from './engine/compaction/create-compactor.ts'
import { Mutex } from './engine/mutex.ts'
import { expired, toCompact } from './engine/plan-maintenance.ts'
import { RepeatingTasks } from './engine/repeating-tasks.ts'
import { linesOf } from './engine/rewrite.ts'
import { StoreCore } from './engine/store-core.ts'
import type { TailBatch } from './tail/tail-batch.ts'
import type { LogStoreOptions, QueryOptions } from './engine/store-options.ts'
import { resolveSettings, type StoreSettings } from './engine/store-settings.ts'
import { storeSink } from './engine/store-sink.ts'
import { StoreTails } from './engine/tail/store-tails.ts'
import { ExprsnError, milliseconds } from '@exprsn/core'
import { storeErrors } from './errors.ts'
import type { SegmentEntry } from './files/manifest.ts'
import type { CompactionJob } from './engine/compaction/compact-files.ts'
import { systemDisk } from '@exprsn/core/disk'
import { HandOver } from './files/hand-over.ts'
import { packLines } from './files/packed-lines.ts'
import { TailFiles } from './files/tail-files.ts'
import type {
  Explanation,
  LogStore,
  LogStoreStatus,
  MaintenanceResult,
  SegmentCheck,
  TailBatchOptions,
  TailOptions,
} from './log-store.ts'
import { lineOf, type LinePlace, type LogLine } from './query/collect-lines.ts'
import { compileFilter } from './query/compile-filter.ts'
import { facetsOf } from './query/facets.ts'
import type { Query } from './query/filter.ts'
import { linesAround } from './query/lines-around.ts'
import { matchingRows, otherRows } from './query/matching-rows.ts'
import { parseQuery } from './query/parse-query.ts'
import { runQuery, type LineChoice, type QueryResult } from './query/run-query.ts'
import { ScanContext } from './query/scan-context.ts'
import { traceView, type TraceView } from './query/trace-view.ts'
import { savedItems, type SavedItems } from './saved/saved-items.ts'
import { verifySegment } from './segment/verify-segment.ts'

/**
 * Makes a store of log lines that is searched without a server. Nothing happens before the first call. The grammar of
 * queries stands in the guide. The first process that opens a folder writes to it; others hand their lines over to it, and
 * find what is in segments.
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
  return new Store(resolveSettings(options))
}

class Store implements LogStore {
  readonly saved: SavedItems
  readonly #settings: StoreSettings
  readonly #core: StoreCore
  readonly #tasks: RepeatingTasks
  /** What rewrites segments comes one after the other, also where it leaves the turn to others for a while. */
  readonly #rewrites = new Mutex()
  readonly #compactor: Compactor
  /** Segments that could not be compacted: they must not keep others from that. */
  readonly #damaged = new Set<string>()
  #isStarted = false
  #closing: Promise<void> | undefined

  constructor(settings: StoreSettings) {
    const { files, path, disk, clock, random, logger } = settings
    this.#settings = settings
    this.saved = savedItems(settings.documents, settings.documentPrefix)
    const handOver = path === undefined ? undefined : new HandOver(disk, path, random)
    const tails = new StoreTails(path === undefined ? undefined : new TailFiles(disk, path, random), clock, logger)
    this.#core = new StoreCore({ files, path, handOver, tails, disk, clock, logger })
    const threadPath = disk === systemDisk && settings.files.isFolder ? path : undefined
    this.#compactor = createCompactor({ files, threadPath, clock, logger })
    this.#tasks = new RepeatingTasks(clock, logger)
  }

  async append(input: string | Uint8Array | readonly (string | Uint8Array)[]): Promise<void> {
    this.#start()
    const lines = typeof input === 'string' || input instanceof Uint8Array ? [input] : input
    if (lines.length > 0) await this.#core.append(packLines(lines, this.#settings.maxLine, this.#core.spare))
  }

  async query(query: string | Query, options: QueryOptions = {}): Promise<QueryResult> {
    const { limit = 100, order = 'newest', cursor } = options
    if (!Number.isSafeInteger(limit) || limit < 0)
      throw storeErrors.LOGS_STORE_OPTION_INVALID({ option: 'limit', value: limit })
    return this.#run(query, { limit, order, cursor }, this.#contextOf(options))
  }

  async explain(query: string | Query, options: QueryOptions = {}): Promise<Explanation> {
    const { limit = 100, order = 'newest', cursor } = options
    const context = this.#contextOf(options)
    await this.#run(query, { limit, order, cursor }, context)
    return { costs: context.costs, segments: context.segments, elapsed: context.elapsed }
  }

  trace(
    id: string,
    { limit = 1_000, signal }: { readonly limit?: number | undefined; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<TraceView> {
    const choice = { limit, order: 'oldest' } as const
    return traceView(id, choice, (query) => this.query(query, { ...choice, signal }))
  }

  async *tail(query: string | Query, { onDropped, ...options }: TailOptions = {}): AsyncGenerator<LogLine> {
    for await (const batch of this.tailBatches(query, options)) {
      yield* batch.lines()
      if (batch.dropped > 0) onDropped?.(batch.dropped)
    }
  }

  async *tailBatches(
    query: string | Query,
    { signal, buffer = 10_000 }: TailBatchOptions = {},
  ): AsyncGenerator<TailBatch> {
    this.#start()
    const parsed = this.#parse(query)
    if (parsed.pipes.length > 0) throw storeErrors.LOGS_QUERY_INVALID({ offset: 0, reason: 'a tail has no pipes' })
    const filter = await compileFilter(parsed.filter)
    const { isWriter } = await this.#inTurn(async () => this.#core)
    yield* this.#core.tails.follow(parsed, filter, { buffer, isWriter, signal })
  }

  async *export(
    query: string | Query = '*',
    { signal }: { readonly signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<LogLine> {
    this.#start()
    const filter = await compileFilter(this.#parse(query).filter)
    const snapshot = await this.#core.snapshot('oldest')
    try {
      for (const target of snapshot.targets) {
        const rows = await matchingRows(filter, [target], this.#contextOf({ timeout: '1d', signal }))
        const found = rows.get(target.name)
        if (found === undefined) continue
        const segment = await target.open()
        for await (const line of linesOf(segment, otherRows(found, segment.blocks))) yield lineOf(line, line.bytes)
      }
    } finally {
      snapshot.release()
    }
  }

  facets(query: string | Query, fields: readonly string[], options: QueryOptions = {}) {
    const { filter } = this.#parse(query)
    return facetsOf(filter, fields, options.limit ?? 10, (each) => this.query(each, options))
  }

  context(
    place: LinePlace,
    { before = 10, after = 10 }: { readonly before?: number | undefined; readonly after?: number | undefined } = {},
  ) {
    return linesAround(place, before, after, (query, choice) => this.query(query, choice))
  }

  async delete(query: string | Query, { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<number> {
    const filter = await compileFilter(this.#parse(query).filter)
    return this.#rewriting(() => {
      if (!this.#core.isWriter) throw storeErrors.LOGS_STORE_READ_ONLY({ path: this.#settings.files.path })
      return deleteLines(this.#core, filter, this.#contextOf({ timeout: '1d', signal }))
    })
  }

  flush(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#core.isWriter) return
      await this.#core.adopt()
      await this.#core.seal()
    })
  }

  maintain(): Promise<MaintenanceResult> {
    return this.#rewrites.run(async () => {
      const { deleted, gone, small, job } = await this.#inTurn(() => this.#planMaintenance())
      if (job !== undefined) await this.#compact(small, job)
      return { compacted: small.length, expired: gone.length, deleted }
    })
  }

  async verify(): Promise<readonly SegmentCheck[]> {
    this.#start()
    return this.#core.withSnapshot('oldest', async ({ targets }) => {
      const checks: SegmentCheck[] = []
      for (const target of targets)
        checks.push({ name: target.name, rows: target.rows, problem: await verifySegment(() => target.open()) })
      return checks
    })
  }

  async repair(): Promise<number> {
    const damaged = (await this.verify()).filter(({ problem }) => problem !== undefined).map(({ name }) => name)
    return this.#rewriting(() => repairSegments(this.#core, damaged))
  }

  sink({ name = 'store' }: { readonly name?: string | undefined } = {}): Sink {
    return storeSink(name, this.#core, (task) => this.#inTurn(task))
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
    this.#tasks.stop()
    // Nothing may write segments when somebody else becomes the writer.
    await this.#compactor.close()
    await this.#rewrites.run(async () => {})
    await this.#core.turns.run(() => this.#core.close())
  }

  #start(): void {
    if (this.#closing !== undefined) throw storeErrors.LOGS_STORE_CLOSED()
    if (this.#isStarted) return
    this.#isStarted = true
    const { sealAfter, maintenanceInterval, adoptInterval, path } = this.#settings
    this.#tasks.add(sealAfter, () => this.flush())
    this.#tasks.add(maintenanceInterval, () => this.maintain())
    if (path === undefined) return
    this.#tasks.add(adoptInterval, async () => {
      await this.#inTurn(() => this.#core.adopt())
      if (this.#core.isWriter) await this.#core.tails.serve()
    })
  }

  async #planMaintenance() {
    const { retention, compactAt, clock } = this.#settings
    if (!this.#core.isWriter) return { deleted: 0, gone: [], small: [] }
    let deleted = 0
    for (const { query, age } of retention.streams ?? []) {
      const { filter } = this.#parse(query)
      const time = { type: 'time', from: -Infinity, to: clock.now() - milliseconds(age) } as const
      const old = await compileFilter({ type: 'and', filters: [filter, time] })
      deleted += await deleteLines(this.#core, old, this.#contextOf({ timeout: '1d' }))
    }
    const gone = expired(this.#core.manifest.segments, retention, clock.now())
    if (gone.length > 0) await this.#core.catalog.drop(gone)
    const readable = this.#core.manifest.segments.filter(({ name }) => !this.#damaged.has(name))
    const small = toCompact(readable, compactAt)
    return { deleted, gone, small, job: small.length > 0 ? this.#core.catalog.planCompaction(small) : undefined }
  }

  /** Lines come in meanwhile: only the beginning and the end have a turn. */
  async #compact(small: readonly SegmentEntry[], job: CompactionJob): Promise<void> {
    try {
      const made = await this.#compactor.run(job)
      await this.#core.turns.run(() => this.#core.catalog.commitCompaction(small, made))
    } catch (error) {
      await this.#core.turns.run(() => this.#core.catalog.abandonCompaction(job))
      const damaged = damagedSegment(error)
      if (damaged !== undefined) this.#damaged.add(damaged)
      throw error
    }
  }

  /** Does what rewrites segments. */
  #rewriting<Result>(task: () => Promise<Result>): Promise<Result> {
    return this.#rewrites.run(() => this.#inTurn(task))
  }

  /** Does what changes the store when it is its turn, as the writer where nobody else is. */
  #inTurn<Result>(task: () => Promise<Result>): Promise<Result> {
    this.#start()
    return this.#core.turns.run(async () => {
      await this.#core.open()
      return task()
    })
  }

  #run(query: string | Query, choice: LineChoice, context: ScanContext): Promise<QueryResult> {
    this.#start()
    const parsed = this.#parse(query)
    return this.#core.withSnapshot(choice.order, ({ targets }) => runQuery(parsed, targets, choice, context))
  }

  #parse(query: string | Query): Query {
    return typeof query === 'string' ? parseQuery(query, this.#settings.clock.now()) : query
  }

  #contextOf({ timeout, signal, skipDamaged }: QueryOptions): ScanContext {
    const { clock, limits } = this.#settings
    const own = timeout === undefined ? limits : { ...limits, timeout: milliseconds(timeout) }
    return new ScanContext(clock, own, signal, skipDamaged)
  }
}

/** The segment that an error is about. */
function damagedSegment(error: unknown): string | undefined {
  if (!ExprsnError.is(error) || error.code !== 'LOGS_STORE_SEGMENT_DAMAGED') return undefined
  return String(error.details.segment)
}
