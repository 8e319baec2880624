import { systemClock, type Clock, type Duration } from '@exprsn/core'
import { tableNames, type Queryable } from '@exprsn/core/database'
import { createLexicons, recordLexicons, type Lexicons } from '../lexicon/index.ts'
import { checkItem, checkRecords } from './check-item.ts'
import { publishErrors } from './errors.ts'
import { isGate } from './gate-records.ts'
import { itemRow, partRow, type ItemRow, type ItemState } from './item-rows.ts'
import { ItemSender } from './item-sender.ts'
import { altProblem } from './media-names.ts'
import { publishMigrations } from './migrations.ts'
import type { PublishedItem, Publisher, PutOptions, PutResult } from './publisher.ts'
import { mappingOf, type CreatePublisherOptions } from './publisher-options.ts'
import { publishStatements, type PublishStatements } from './statements.ts'
import { digestOf, wantedOf } from './wanted.ts'

const resumedAtOnce = 50

/**
 * Publishes the host's items to a repository of the AT Protocol, each exactly once: the wish stands in the host's own
 * transaction, record keys are stored before the first call, records are put and never created, and where an answer got lost
 * the CID tells what came about. Edits, deletions, threads and items that come back follow; what the host of the account
 * refuses is parked with its reason.
 *
 * @throws `ATPROTO_PUBLISH_OPTION_INVALID`
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { createClient } from '@exprsn/core/client'
 * import { createPublisher, defineMapping, passwordAccount } from '@exprsn/atproto/publish'
 * import { createFakePds } from '@exprsn/atproto/testing'
 *
 * await using pds = createFakePds()
 * await pds.start()
 * const { did, repo } = pds.host.createAccount({ handle: 'alice.test' })
 * await using client = createClient({ allow: { loopbackAddresses: true } })
 * await using database = sqliteDatabase({ path: ':memory:' })
 *
 * const notes = defineMapping<{ readonly id: string; readonly body: string }>({
 *   identity: (note) => note.id,
 *   toRecord: (note, { text }) => text.plain(note.body),
 * })
 * await using publisher = createPublisher({
 *   database,
 *   account: passwordAccount({ did, service: pds.url, password: 'password', client }),
 *   mappings: { notes },
 * })
 * await migrate(database, publisher.migrations)
 * await database.transaction(async (tx) => {
 *   // … save the note …
 *   await publisher.put('notes', { id: 'n1', body: 'hello' }, { tx })
 * })
 * await publisher.drain({ deadline: '10s' })
 * console.log(repo.records.size) // 1
 * ```
 */
export function createPublisher<Items>(options: CreatePublisherOptions<Items>): Publisher<Items> {
  return new OutboxPublisher(options)
}

class OutboxPublisher<Items> implements Publisher<Items> {
  readonly migrations: Publisher<Items>['migrations']
  readonly #options: CreatePublisherOptions<Items>
  readonly #sql: PublishStatements
  readonly #sender: ItemSender<Items>
  readonly #clock: Clock
  #lexicons: Lexicons | undefined

  constructor(options: CreatePublisherOptions<Items>) {
    const { database, clock = systemClock, prefix, schema } = options
    this.#options = options
    this.#clock = clock
    this.#sql = publishStatements(tableNames(database.dialect, { prefix, schema }))
    this.#sender = new ItemSender(options, this.#sql)
    this.migrations = [this.#sender.migrations, publishMigrations]
  }

  async put<Name extends keyof Items & string>(
    mapping: Name,
    item: Items[Name],
    { tx, publishAt }: PutOptions = {},
  ): Promise<PutResult> {
    const definition = mappingOf(this.#options, mapping)
    const id = definition.identity(item)
    await checkItem(mapping, id, definition, item)
    if (definition.visibility?.(item) === false) {
      const result = await this.remove(mapping, id, { tx })
      return result === 'queued' ? 'queued' : 'hidden'
    }
    const wanted = wantedOf(definition, item)
    const silent = definition.policies?.alt === 'optional' ? undefined : altProblem(wanted)
    if (silent !== undefined) throw publishErrors.ATPROTO_PUBLISH_ITEM_INVALID({ mapping, id, reason: silent })
    const text = JSON.stringify(wanted)
    const now = this.#clock.now()
    const createdAt = definition.createdAt?.(item).getTime()
    this.#lexicons ??= this.#options.lexicons ?? createLexicons(recordLexicons)
    checkRecords(this.#lexicons, { mapping, id }, wanted, createdAt ?? now)
    const version = versionOf(definition.version?.(item)) ?? digestOf(text)
    return this.#within(tx, async (inner) => {
      const known = await this.#lock(inner, mapping, id, now)
      const { edit = 'replace' } = definition.policies ?? {}
      const isThere = known.state !== 'new' && known.wanted !== undefined
      if (isThere && (known.version === version || edit === 'ignore')) return 'unchanged'
      const isNew = !isThere || edit === 'repost'
      const due = Math.max(now, publishAt?.getTime() ?? 0)
      await inner.query(this.#sql.saveWanted, [
        ...this.#key(mapping, id),
        known.generation + (isNew ? 1 : 0),
        version,
        text,
        isNew ? (known.state === 'new' ? (createdAt ?? due) : due) : known.createdAt,
        due,
        due,
      ])
      await this.#sender.enqueue(inner, { mapping, id }, due > now ? due : undefined)
      return 'queued'
    })
  }

  async remove(
    mapping: keyof Items & string,
    id: string,
    { tx }: Pick<PutOptions, 'tx'> = {},
  ): Promise<'queued' | 'unchanged'> {
    mappingOf(this.#options, mapping)
    return this.#within(tx, async (inner) => {
      const { rows } = await inner.query(this.#sql.readItem, this.#key(mapping, id))
      if (rows[0] === undefined) return 'unchanged'
      const now = this.#clock.now()
      const known = await this.#lock(inner, mapping, id, now)
      if (known.wanted === undefined) return 'unchanged'
      const { generation, createdAt } = known
      await inner.query(this.#sql.saveWanted, [...this.#key(mapping, id), generation, null, null, createdAt, now, now])
      await this.#sender.enqueue(inner, { mapping, id })
      return 'queued'
    })
  }

  retry(mapping: keyof Items & string, id: string): Promise<'queued' | 'unchanged'> {
    return this.#within(undefined, async (tx) => {
      const { rows } = await tx.query(this.#sql.readItem, this.#key(mapping, id))
      if (rows[0] === undefined) return 'unchanged'
      const known = itemRow(rows[0])
      if (known.state !== 'parked') return 'unchanged'
      await tx.query(this.#sql.saveState, [...this.#key(mapping, id), 'pending', null, known.revision])
      await this.#sender.enqueue(tx, { mapping, id })
      return 'queued'
    })
  }

  async resume(): Promise<number> {
    let queued = 0
    let after: readonly string[] | undefined = ['', '']
    while (after !== undefined) {
      after = await this.#within(undefined, async (tx) => {
        const values = [this.#options.account.did, this.#clock.now(), ...after!, resumedAtOnce]
        const { rows } = await tx.query<{ mapping: string; source_id: string }>(this.#sql.listWaiting, values)
        for (const { mapping, source_id: id } of rows) await this.#sender.enqueue(tx, { mapping, id })
        queued += rows.length
        const last = rows.length < resumedAtOnce ? undefined : rows.at(-1)
        return last === undefined ? undefined : [last.mapping, last.source_id]
      })
    }
    return queued
  }

  async get(mapping: keyof Items & string, id: string): Promise<PublishedItem | undefined> {
    const { rows } = await this.#options.database.query(this.#sql.readItem, this.#key(mapping, id))
    return rows[0] === undefined ? undefined : this.#published(itemRow(rows[0]))
  }

  async list(filter: Parameters<Publisher<Items>['list']>[0] = {}): Promise<readonly PublishedItem[]> {
    const { state = '', after = { mapping: '', id: '' }, limit = 100 } = filter
    const values = [this.#options.account.did, state, after.mapping, after.id, limit]
    const { rows } = await this.#options.database.query(this.#sql.listItems, values)
    return Promise.all(rows.map((row) => this.#published(itemRow(row))))
  }

  async counts(): Promise<Readonly<Record<ItemState, number>>> {
    const counts = { pending: 0, published: 0, deleted: 0, parked: 0 }
    const { rows } = await this.#options.database.query<{ state: ItemState; items: number }>(this.#sql.countStates, [
      this.#options.account.did,
    ])
    for (const { state, items } of rows) counts[state] = Number(items)
    return counts
  }

  start(): void {
    this.#sender.start()
  }

  drain(options: Parameters<Publisher<Items>['drain']>[0] = {}): ReturnType<Publisher<Items>['drain']> {
    return this.#sender.drain(options)
  }

  close(options: { readonly deadline?: Duration | undefined } = {}): Promise<void> {
    return this.#sender.close(options)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #within<Result>(tx: Queryable | undefined, work: (tx: Queryable) => Promise<Result>): Promise<Result> {
    return tx === undefined ? this.#options.database.transaction(work) : work(tx)
  }

  async #lock(tx: Queryable, mapping: string, id: string, now: number): Promise<ItemRow> {
    const { rows } = await tx.query(this.#sql.lockItem, [...this.#key(mapping, id), now])
    return itemRow(rows[0]!)
  }

  async #published({ mapping, id, state, error, generation }: ItemRow): Promise<PublishedItem> {
    const { did } = this.#options.account
    const { rows } = await this.#options.database.query(this.#sql.readParts, this.#key(mapping, id))
    const records = rows
      .map(partRow)
      .filter((part) => !part.removed && part.generation === generation && !isGate(part.part))
      .map(({ collection, rkey, cid }) => ({ uri: `at://${did}/${collection}/${rkey}`, cid }))
    return { mapping, id, state: state === 'new' ? 'pending' : state, reason: error, records }
  }

  #key(mapping: string, id: string): string[] {
    return [this.#options.account.did, mapping, id]
  }
}

function versionOf(version: string | number | Date | undefined): string | undefined {
  return version === undefined ? undefined : version instanceof Date ? version.toISOString() : String(version)
}
