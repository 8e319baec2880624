import { migrate, sqliteDatabase, type Database, type MigrationNaming, type Queryable } from '@exprsn/core/database'
import type { DataObject } from '@exprsn/atproto/codec'
import { defineMapping, type Mapping, type PublishAccount } from '@exprsn/atproto/publish'
import { FakeHost, type FakeAccount } from '@exprsn/atproto/testing'
import { createTwoWay, type LocalItems, type TwoWay, type TwoWayOptions } from '@exprsn/atproto/two-way'
import { textOf } from '../../src/testing/text-of.ts'
import { directAccount } from './direct-account.ts'
import { directSource } from './direct-source.ts'

/** A note of the host. */
export interface Note {
  readonly id: string
  readonly title: string
  readonly body: string
}

/** What the host of these tests keeps equal. */
export interface Items {
  readonly notes: Note
}

export const collection = 'com.example.note'

/** Notes as records with a title and a body; what else others put there is theirs. */
export function noteMapping(changes: Partial<Mapping<Note>> = {}): Mapping<Note> {
  return defineMapping<Note>({
    collection,
    identity: ({ id }) => id,
    toRecord: ({ id, title, body }) => ({ id, title, body }),
    fromRecord: ({ id, title, body }, { current, rkey }) =>
      typeof title === 'string' && typeof body === 'string'
        ? { id: current?.id ?? (typeof id === 'string' ? id : rkey), title, body }
        : undefined,
    ...changes,
  })
}

/** The host's table of notes. */
export function notesIn(table: string, onSave?: (note: Note, tx: Queryable) => Promise<unknown>): LocalItems<Note> {
  return {
    async read(id, { tx }) {
      const lock = tx.dialect === 'postgres' ? ' for update' : ''
      const { rows } = await tx.query<Note & object>(`select id, title, body from ${table} where id = $1${lock}`, [id])
      return rows[0] === undefined ? undefined : { id: rows[0].id, title: rows[0].title, body: rows[0].body }
    },
    async save(note, { tx }) {
      await tx.query(
        `insert into ${table} (id, title, body) values ($1, $2, $3)
on conflict (id) do update set title = excluded.title, body = excluded.body`,
        [note.id, note.title, note.body],
      )
      await onSave?.(note, tx)
    },
    async remove(id, { tx }) {
      await tx.query(`delete from ${table} where id = $1`, [id])
    },
  }
}

/** A host with notes, an account of a fake, and what keeps both equal. */
export class Stage {
  readonly host = new FakeHost()
  readonly account: FakeAccount
  readonly database: Database
  readonly naming: MigrationNaming
  readonly table: string
  twoWay: TwoWay<Items>
  /** Calls of the host of the account, by method. */
  readonly calls: Record<string, number> = {}

  private constructor(database: Database, naming: MigrationNaming) {
    this.database = database
    this.naming = naming
    this.table = naming.schema === undefined ? 'note' : `${naming.schema}.note`
    this.account = this.host.createAccount({ handle: 'alice.test' })
    this.twoWay = undefined as never
  }

  static async open(
    mapping: Partial<Mapping<Note>> = {},
    options: {
      readonly database?: Database | undefined
      readonly naming?: MigrationNaming | undefined
      readonly local?: Partial<LocalItems<Note>> | undefined
      readonly twoWay?: Partial<TwoWayOptions<Items>> | undefined
    } = {},
  ): Promise<Stage> {
    const stage = new Stage(options.database ?? sqliteDatabase({ path: ':memory:' }), options.naming ?? {})
    stage.twoWay = createTwoWay<Items>({
      database: stage.database,
      account: stage.counted(),
      source: directSource(stage.host),
      mappings: { notes: { mapping: noteMapping(mapping), local: { ...notesIn(stage.table), ...options.local } } },
      sync: { resolveSigningKey: async (did) => stage.host.plc.get(did)!.signingKey },
      ...stage.naming,
      ...options.twoWay,
    })
    await migrate(stage.database, stage.twoWay.migrations, stage.naming)
    await stage.database.query(`create table ${stage.table} (id varchar(80) primary key, title text, body text)`)
    return stage
  }

  counted(): PublishAccount {
    const direct = directAccount(this.host, this.account.did)
    return {
      did: direct.did,
      call: (method, request) => {
        this.calls[method] = (this.calls[method] ?? 0) + 1
        return direct.call(method, request)
      },
    }
  }

  get did(): string {
    return this.account.did
  }

  /** The host writes a note, as its users do. */
  write(id: string, title: string, body = 'body'): Promise<unknown> {
    const note = { id, title, body }
    return this.database.transaction(async (tx) => {
      await notesIn(this.table).save(note, { tx, did: '' })
      return this.twoWay.put('notes', note, { tx })
    })
  }

  /** The host deletes a note. */
  erase(id: string): Promise<unknown> {
    return this.database.transaction(async (tx) => {
      await notesIn(this.table).remove(id, { tx, did: '' })
      return this.twoWay.remove('notes', id, { tx })
    })
  }

  /** Both directions, until nothing is left to do. */
  async settle(): Promise<void> {
    await this.twoWay.runOnce({ quiet: '5ms', deadline: '60s' })
  }

  /** Another client of the account changes a record. */
  edit(path: string, changes: DataObject): void {
    const value = { ...this.account.repo.records.get(path)!.value, ...changes }
    this.host.write(this.did, [{ action: 'update', path, value }])
  }

  /** The only record. */
  get path(): string {
    return [...this.account.repo.records.keys()][0]!
  }

  /** The records, as `title/body`. */
  remote(): string[] {
    return [...this.account.repo.records.values()]
      .map(({ value }) => `${textOf(value.title)}/${textOf(value.body)}`)
      .sort()
  }

  async notes(): Promise<string[]> {
    const { rows } = await this.database.query<Note & object>(`select id, title, body from ${this.table} order by id`)
    return rows.map(({ title, body }) => `${title}/${body}`).sort()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.twoWay.close()
    await this.database.close()
  }
}
