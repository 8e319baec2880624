import { createClient, type Client } from '@exprsn/core/client'
import { migrate, sqliteDatabase, type Database } from '@exprsn/core/database'
import { SimulatedClock } from '@exprsn/core/testing'
import {
  createPublisher,
  defineMapping,
  passwordAccount,
  type CreatePublisherOptions,
  type Mapping,
  type Publisher,
} from '@exprsn/atproto/publish'
import { createFakePds, type FakeAccount, type FakePds } from '@exprsn/atproto/testing'

/** A note of the host. */
export interface Note {
  readonly id: string
  readonly body: string
  readonly version?: number | undefined
}

/** What the host of these tests publishes. */
export interface Items {
  readonly notes: Note
}

/** The mapping of these tests, with changes. */
export function notes(changes: Partial<Mapping<Note>> = {}): Mapping<Note> {
  return defineMapping<Note>({
    identity: ({ id }) => id,
    toRecord: ({ body }, { text }) => text.plain(body),
    ...changes,
  })
}

/** A PDS in memory, an account, a database and a publisher. */
export class Stage {
  readonly pds: FakePds
  readonly account: FakeAccount
  readonly database: Database
  readonly client: Client
  readonly clock = new SimulatedClock({ now: Date.UTC(2026, 5, 1) })

  private constructor(pds: FakePds, account: FakeAccount, database: Database) {
    this.pds = pds
    this.account = account
    this.database = database
    this.client = createClient({ allow: { loopbackAddresses: true }, retry: false, perOrigin: { breaker: false } })
  }

  static async open(): Promise<Stage> {
    const pds = createFakePds()
    await pds.start()
    const database = sqliteDatabase({ path: ':memory:' })
    const stage = new Stage(pds, pds.host.createAccount({ handle: 'alice.test' }), database)
    await migrate(database, stage.publisher().migrations)
    return stage
  }

  publisher(mapping: Mapping<Note> = notes(), options: Partial<CreatePublisherOptions<Items>> = {}): Publisher<Items> {
    const { pds, database, client } = this
    const { did } = this.account
    const account = passwordAccount({ did, service: pds.url, password: 'password', client })
    return createPublisher<Items>({ database, account, mappings: { notes: mapping }, ...options })
  }

  /** The texts of the posts, in the order of their keys. */
  texts(): string[] {
    return this.posts().map(({ value }) => value.text as string)
  }

  posts() {
    return [...this.account.repo.records].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, record]) => record)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close()
    await this.pds.close()
    await this.database.close()
  }
}
