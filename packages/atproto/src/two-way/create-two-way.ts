import { milliseconds, systemClock, systemRandom, type Clock, type Duration } from '@exprsn/core'
import { tableNames, type Database, type MigrationSet, type Queryable, type Transaction } from '@exprsn/core/database'
import { fromDataJson, type DataObject } from '../codec/index.ts'
import {
  createPublisher,
  createRecordMap,
  type Mapping,
  type Publisher,
  type PutOptions,
  type PutResult,
} from '../publish/index.ts'
import { createSync, type Sync } from '../sync/index.ts'
import { Agreements, envelopeMapping, type AnyTwoWayMapping, type Envelope } from './agreements.ts'
import { twoWayErrors } from './errors.ts'
import { agreedRow, type AgreedRow, type PendingConflict } from './item-row.ts'
import { twoWayMigrations } from './migrations.ts'
import { ownSource } from './own-source.ts'
import { RemoteChanges } from './remote-changes.ts'
import { SentLog, watchedAccount } from './sent-log.ts'
import { ChangeSettler } from './settle-change.ts'
import { twoWayStatements, type TwoWayStatements } from './statements.ts'
import type { TwoWay, TwoWayConflict, TwoWayDecision, TwoWayItem } from './two-way.ts'
import type { TwoWayOptions } from './two-way-options.ts'

/**
 * Keeps items of the host and records of an account equal, in both directions and each change once: what the host changes is
 * published, what others change in the repository comes into the host's tables. What was sent from here is known by its CID and
 * does not come back; what both sides have changed is settled by the policy of its mapping; fields of a record that the mapping
 * does not know stay. A record is never overwritten, nor deleted, before its last change was seen here.
 *
 * @throws `ATPROTO_TWO_WAY_OPTION_INVALID`, `ATPROTO_PUBLISH_OPTION_INVALID`, `ATPROTO_SYNC_OPTION_INVALID`
 * @example
 * ```ts
 * import { createClient } from '@exprsn/core/client'
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { notes, type Note } from '@exprsn/atproto/mapping'
 * import { passwordAccount } from '@exprsn/atproto/publish'
 * import { firehoseSource } from '@exprsn/atproto/sync'
 * import { createTwoWay } from '@exprsn/atproto/two-way'
 * import { createFakePds } from '@exprsn/atproto/testing'
 *
 * await using pds = createFakePds()
 * await pds.start()
 * const { did, repo } = pds.host.createAccount({ handle: 'alice.test' })
 * await using client = createClient({ allow: { loopbackAddresses: true } })
 * await using database = sqliteDatabase({ path: ':memory:' })
 * await using source = firehoseSource({ service: pds.url, allow: { loopbackAddresses: true } })
 *
 * const items = new Map<string, Note>() // in earnest: a table, read and written through `tx`
 * await using twoWay = createTwoWay({
 *   database,
 *   account: passwordAccount({ did, service: pds.url, password: 'password', client }),
 *   source,
 *   mappings: {
 *     notes: {
 *       mapping: notes(),
 *       local: {
 *         read: (id) => items.get(id),
 *         save: (note) => void items.set(note.id, note),
 *         remove: (id) => void items.delete(id),
 *       },
 *     },
 *   },
 *   sync: { resolveSigningKey: async (account) => pds.host.plc.get(account)!.signingKey },
 * })
 * await migrate(database, twoWay.migrations)
 * items.set('n1', { id: 'n1', text: 'hello', createdAt: new Date() })
 * await twoWay.put('notes', items.get('n1')!)
 * await twoWay.runOnce({ quiet: '200ms' })
 *
 * const [path, { value }] = [...repo.records][0]!
 * pds.host.write(did, [{ action: 'update', path, value: { ...value, text: 'hello from elsewhere' } }])
 * await twoWay.runOnce({ quiet: '200ms' })
 * console.log(items.get('n1')?.text) // hello from elsewhere
 * ```
 */
export function createTwoWay<Items>(options: TwoWayOptions<Items>): TwoWay<Items> {
  return new DatabaseTwoWay(options)
}

class DatabaseTwoWay<Items> implements TwoWay<Items> {
  readonly migrations: readonly MigrationSet[]
  readonly publisher: TwoWay<Items>['publisher']
  readonly sync: Sync
  readonly #database: Database
  readonly #did: string
  readonly #clock: Clock
  readonly #keep: number
  readonly #sql: TwoWayStatements
  readonly #outbox: Publisher<Record<string, Envelope>>
  readonly #agreements: Agreements
  readonly #settler: ChangeSettler
  readonly #names: readonly string[]

  constructor(options: TwoWayOptions<Items>) {
    const { database, account, source, prefix, schema, logger, clock = systemClock, random = systemRandom } = options
    const { keepTombstones = '30d' } = options
    const mappings = options.mappings as unknown as Readonly<Record<string, AnyTwoWayMapping>>
    this.#names = Object.keys(mappings)
    if (this.#names.length === 0)
      throw twoWayErrors.ATPROTO_TWO_WAY_OPTION_INVALID({ option: 'mappings', value: 'empty' })
    this.#database = database
    this.#did = account.did
    this.#clock = clock
    this.#keep = milliseconds(keepTombstones)
    this.#sql = twoWayStatements(tableNames(database.dialect, { prefix, schema }))
    const records = createRecordMap({ database, did: account.did, prefix, schema })
    const log = new SentLog(account.did, this.#sql)
    const envelopes: Record<string, Mapping<Envelope>> = {}
    for (const name of this.#names) envelopes[name] = envelopeMapping(mappings[name]!)
    this.#outbox = createPublisher<Record<string, Envelope>>({
      ...(options.publish as object),
      database,
      account: watchedAccount(account, database, log, records),
      mappings: envelopes,
      prefix,
      schema,
      clock,
      random,
      logger,
    })
    this.#agreements = new Agreements({ did: account.did, clock, mappings, sql: this.#sql, publisher: this.#outbox })
    this.#settler = new ChangeSettler(this.#agreements, records)
    const changes = new RemoteChanges({
      agreements: this.#agreements,
      settler: this.#settler,
      records,
      log,
      sql: this.#sql,
      names: this.#names,
    })
    this.sync = createSync({
      ...options.sync,
      database,
      source: ownSource(source, account),
      accepts: (did) => did === account.did,
      collections: [...new Set(this.#names.map((name) => mappings[name]!.mapping.collection ?? 'app.bsky.feed.post'))],
      apply: (event, tx) => changes.apply(event, tx),
      prefix,
      schema,
      clock,
      random,
      logger,
    })
    this.publisher = this.#outbox as unknown as TwoWay<Items>['publisher']
    this.migrations = [...this.#outbox.migrations, this.sync.migrations, twoWayMigrations]
  }

  async put<Name extends keyof Items & string>(
    mapping: Name,
    item: Items[Name],
    { tx, publishAt }: PutOptions = {},
  ): Promise<PutResult | 'held'> {
    const definition = this.#agreements.definition(mapping)
    const id = definition.mapping.identity(item)
    if (definition.mapping.visibility?.(item) === false) {
      const result = await this.remove(mapping, id, { tx })
      return result === 'unchanged' ? 'hidden' : result
    }
    return this.#within(tx, async (inner) => {
      const row = await this.#agreements.lock(inner, mapping, id)
      const digest = this.#agreements.digest(definition, item)
      if (row.deleted === undefined && row.localDigest === digest) return 'unchanged'
      const next: AgreedRow = {
        ...row,
        ...(row.deleted === undefined ? {} : { baseCid: undefined, baseRecord: undefined, baseDigest: undefined }),
        origin: row.origin === 'new' ? 'local' : row.origin,
        localDigest: digest,
        localAt: this.#clock.now(),
        deleted: undefined,
        deletedAt: undefined,
      }
      if (row.conflict === undefined) return (await this.#agreements.publish(inner, next, item, publishAt)).result
      await this.#agreements.save(inner, next)
      return 'held'
    })
  }

  remove(
    mapping: keyof Items & string,
    id: string,
    { tx }: Pick<PutOptions, 'tx'> = {},
  ): Promise<'queued' | 'unchanged' | 'held'> {
    this.#agreements.definition(mapping)
    return this.#within(tx, async (inner) => {
      const known = await this.#agreements.read(inner, mapping, id)
      if (known === undefined || known.deleted !== undefined) return 'unchanged'
      const row = await this.#agreements.lock(inner, mapping, id)
      const now = this.#clock.now()
      const gone = { ...row, localDigest: undefined, localAt: now, deleted: 'local', deletedAt: now } as const
      await this.#agreements.save(inner, gone)
      return row.conflict === undefined ? this.#agreements.unpublish(inner, gone) : 'held'
    })
  }

  async backfill<Name extends keyof Items & string>(
    mapping: Name,
    items: AsyncIterable<Items[Name]> | Iterable<Items[Name]>,
    options: Parameters<TwoWay<Items>['backfill']>[2] = {},
  ): Promise<number> {
    let done = 0
    let queued = 0
    for await (const item of items) {
      options.signal?.throwIfAborted()
      if ((await this.put(mapping, item)) === 'queued') queued++
      done++
      options.onProgress?.({ done, queued })
    }
    return queued
  }

  async get(mapping: keyof Items & string, id: string): Promise<TwoWayItem | undefined> {
    const row = await this.#agreements.read(this.#database, mapping, id)
    if (row === undefined || row.origin === 'new') return undefined
    const { origin, baseCid: agreedCid, deleted, conflict } = row
    return { mapping, id, origin, agreedCid, deleted, hasConflict: conflict !== undefined }
  }

  async conflicts({
    after = { mapping: '', id: '' },
    limit = 100,
  }: Parameters<TwoWay<Items>['conflicts']>[0] = {}): Promise<readonly TwoWayConflict[]> {
    const { rows } = await this.#database.query(this.#sql.listConflicts, [this.#did, after.mapping, after.id, limit])
    return rows.map((row) => shownConflict(agreedRow(row)))
  }

  async countConflicts(): Promise<number> {
    const { rows } = await this.#database.query<{ items: number }>(this.#sql.countConflicts, [this.#did])
    return Number(rows[0]!.items)
  }

  async decide<Name extends keyof Items & string>(
    mapping: Name,
    id: string,
    decision: TwoWayDecision<Items[Name]>,
    { tx }: { readonly tx?: Queryable | undefined } = {},
  ): Promise<void> {
    const definition = this.#agreements.definition(mapping)
    await this.#within(tx, async (queryable) => {
      // The settler needs savepoints; a transaction of the host's own may have none.
      const inner = withSavepoints(queryable)
      const local = await definition.local.read(id, { tx: inner, did: this.#did })
      const row = await this.#agreements.lock(inner, mapping, id)
      if (row.conflict === undefined) throw twoWayErrors.ATPROTO_TWO_WAY_NO_CONFLICT({ mapping, id })
      await this.#decide(inner, row, row.conflict, { decision, local })
    })
  }

  async #decide(
    tx: Transaction,
    row: AgreedRow,
    conflict: PendingConflict,
    { decision, local }: { readonly decision: TwoWayDecision<unknown>; readonly local: unknown },
  ): Promise<void> {
    const { mapping, id } = row
    const definition = this.#agreements.definition(mapping)
    const [collection, rkey] = conflict.uri.split('/').slice(-2) as [string, string]
    const invalid = (reason: string): Error => twoWayErrors.ATPROTO_TWO_WAY_DECISION_INVALID({ mapping, id, reason })
    const isItem = typeof decision === 'object'
    if (isItem && definition.mapping.identity(decision.item) !== id) throw invalid('the item has another id')
    if (conflict.isPart) {
      if (isItem) await definition.local.save(decision.item, { tx, did: this.#did })
      const item = isItem ? decision.item : decision === 'local' ? local : undefined
      return this.#settler.settlePart(tx, row, { collection, rkey, cid: conflict.cid }, item)
    }
    if (conflict.cid === undefined) {
      if (decision === 'remote') return this.#settler.takeRemoval(tx, row, local)
      if (isItem) return this.#settler.saveAndPublish(tx, await this.#settler.startAnew(tx, row), decision.item)
      if (local === undefined) return this.#settler.takeRemoval(tx, row, local)
      return this.#settler.publish(tx, await this.#settler.startAnew(tx, row), local)
    }
    const value = fromDataJson(conflict.record) as DataObject
    const written = { collection, rkey, uri: conflict.uri, cid: conflict.cid, value }
    const remote = await this.#settler.incoming(definition, written, { current: local, id })
    if (isItem) {
      const adopted = await this.#settler.adopt(tx, written, row, remote)
      return this.#settler.saveAndPublish(tx, adopted, decision.item)
    }
    if (decision === 'local') return this.#settler.keepLocal(tx, written, row, { local })
    if (remote === undefined) throw invalid('the record cannot become an item')
    return this.#settler.take(tx, written, row, remote)
  }

  async prune(): Promise<number> {
    const { count } = await this.#database.query(this.#sql.prune, [this.#did, this.#clock.now() - this.#keep])
    return count
  }

  start(): void {
    this.sync.start()
    this.#outbox.start()
  }

  async runOnce(
    options: {
      readonly quiet?: Duration | undefined
      readonly deadline?: Duration | undefined
      readonly signal?: AbortSignal | undefined
    } = {},
  ): Promise<void> {
    const { deadline, signal } = options
    await this.sync.runOnce(options)
    await this.#outbox.drain({ deadline, signal })
    // What was sent comes back, and is known from then on.
    await this.sync.runOnce(options)
    await this.prune()
  }

  async close(options: { readonly deadline?: Duration | undefined } = {}): Promise<void> {
    await Promise.all([this.sync.close(), this.#outbox.close(options)])
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #within<Result>(tx: Queryable | undefined, work: (tx: Queryable) => Promise<Result>): Promise<Result> {
    return tx === undefined ? this.#database.transaction(work) : work(tx)
  }
}

/** A transaction of the host's may come without savepoints: then what fails in one fails as a whole. */
function withSavepoints(tx: Queryable): Transaction {
  if ('transaction' in tx) return tx as Transaction
  const whole: Transaction = {
    dialect: tx.dialect,
    query: (text, values, options) => tx.query(text, values, options),
    transaction: (work) => work(whole),
  }
  return whole
}

function shownConflict({ mapping, id, conflict, baseRecord, deleted, conflictAt }: AgreedRow): TwoWayConflict {
  const { kind, uri, record, isPart } = conflict!
  const since = new Date(conflictAt ?? 0)
  return {
    mapping,
    id,
    kind,
    uri,
    remote: record,
    base: baseRecord,
    isLocalDeleted: deleted === 'local',
    isPart,
    since,
  }
}
