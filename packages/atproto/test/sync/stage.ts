import { migrate, sqliteDatabase, type Database, type Transaction } from '@exprsn/core/database'
import { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import { decodeFrame } from '@exprsn/atproto/repo'
import {
  createSync,
  syncErrors,
  syncMigrations,
  type SourceItem,
  type Sync,
  type SyncEvent,
  type SyncOptions,
  type SyncSource,
} from '@exprsn/atproto/sync'
import { FakeHost, type StoredFrame } from '@exprsn/atproto/testing'
import { readMessage } from '../../src/sync/read-message.ts'

/** Changes what the stream gives. */
export type Alter = (frame: StoredFrame) => readonly (Uint8Array | SourceItem)[]

/** A host, a database and a clock in one process, with everything that a test wants to look at. */
export class Stage {
  readonly clock = new SimulatedClock()
  readonly host = new FakeHost({ clock: this.clock, random: new SeededRandom('stage') })
  readonly database: Database
  readonly events: SyncEvent[] = []
  /** Dids in the order in which their repositories were fetched. */
  readonly fetches: string[] = []
  alter: Alter = ({ bytes }) => [bytes]
  onFetch: (did: string, bytes: Uint8Array) => Promise<Uint8Array> | Uint8Array = (_, bytes) => bytes
  onApply: (event: SyncEvent, tx: Transaction) => Promise<void> | void = () => {}
  connections = 0
  /** Ends the streams that are open. */
  cut = (): void => {}

  private constructor(database: Database) {
    this.database = database
  }

  static async open(database: Database = sqliteDatabase({ path: ':memory:' })): Promise<Stage> {
    await migrate(database, [syncMigrations])
    await database.query('create table copy (uri varchar(400) primary key, cid varchar(80) not null)')
    return new Stage(database)
  }

  sync(options: Partial<SyncOptions> = {}): Sync {
    const { clock, database } = this
    return createSync({
      database,
      clock,
      random: new SeededRandom('sync'),
      source: this.source(),
      resolveSigningKey: async (did) => this.host.plc.get(did)!.signingKey,
      apply: (event, tx) => this.#apply(event, tx),
      ...options,
    })
  }

  /** The host's stream without a network. */
  source(name = 'stage'): SyncSource {
    // oxlint-disable-next-line typescript/no-this-alias -- generators have no arrow form
    const stage = this
    const { host } = this
    return {
      name,
      async *open({ cursor, signal }) {
        stage.connections++
        const queue: StoredFrame[] = [...host.events.after(cursor ?? host.events.last)]
        let wake = (): void => {}
        let isCut = false
        stage.cut = () => {
          isCut = true
          wake()
        }
        const stop = host.events.listen((frame) => {
          queue.push(frame)
          wake()
        })
        signal.addEventListener('abort', () => wake(), { once: true })
        try {
          if ((cursor ?? 0) > host.events.last) return yield { kind: 'reset' }
          yield { kind: 'open' }
          if (cursor !== undefined && cursor < host.events.forgotten) yield { kind: 'outdated' }
          while (!signal.aborted) {
            if (isCut) throw new Error('cut')
            const frame = queue.shift()
            if (frame !== undefined) yield* itemsOf(stage.alter(frame))
            else await new Promise<void>((resolve) => (wake = resolve))
          }
        } finally {
          stop()
        }
      },
      listsAll: true,
      async *listRepos() {
        for (const { did, repo, status } of host.accounts.values())
          yield { did, rev: repo.state.rev, active: status === 'active' }
      },
      async fetchRepo(did) {
        stage.fetches.push(did)
        const account = host.accounts.get(did)
        if (account === undefined) throw syncErrors.ATPROTO_SYNC_REPO_UNAVAILABLE({ did, reason: 'RepoNotFound' })
        const reasons = { deactivated: 'RepoDeactivated', takendown: 'RepoTakendown', suspended: 'RepoSuspended' }
        const reason = reasons[account.status as keyof typeof reasons]
        if (reason !== undefined) throw syncErrors.ATPROTO_SYNC_REPO_UNAVAILABLE({ did, reason })
        return stage.onFetch(did, account.repo.archive())
      },
    }
  }

  /** The table of the handler: uri → cid. */
  async copy(): Promise<Record<string, string>> {
    const { rows } = await this.database.query<{ uri: string; cid: string }>('select uri, cid from copy order by uri')
    return Object.fromEntries(rows.map(({ uri, cid }) => [uri, cid]))
  }

  /** What the table should be. */
  expected(): Record<string, string> {
    const entries = [...this.host.accounts.values()].flatMap(({ did, repo }) =>
      [...repo.records].map(([path, { cid }]) => [`at://${did}/${path}`, String(cid)] as const),
    )
    return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)))
  }

  /** What the handler was told, as short text. */
  told(did?: string): string[] {
    return this.events
      .filter((event) => did === undefined || event.did === did)
      .map((event) => {
        if (event.type === 'account') return `account ${event.status}`
        if (event.type === 'identity') return `identity ${event.handle}`
        return `${event.type} ${event.rkey}${event.live ? '' : ' (fetched)'}`
      })
  }

  /** Strict: what comes twice does not fit. */
  async #apply(event: SyncEvent, tx: Transaction): Promise<void> {
    await this.onApply(event, tx)
    if (event.type === 'create') await tx.query('insert into copy values ($1, $2)', [event.uri, event.cid])
    if (event.type === 'update') await tx.query('update copy set cid = $2 where uri = $1', [event.uri, event.cid])
    if (event.type === 'delete') await tx.query('delete from copy where uri = $1', [event.uri])
    this.events.push(event)
  }
}

function* itemsOf(frames: readonly (Uint8Array | SourceItem)[]): Generator<SourceItem> {
  for (const frame of frames) {
    if (!(frame instanceof Uint8Array)) {
      yield frame
      continue
    }
    try {
      const decoded = decodeFrame(frame)
      const message = 'body' in decoded ? readMessage(decoded) : undefined
      if (message !== undefined) yield { kind: 'message', message, size: frame.length }
    } catch (error) {
      yield { kind: 'damaged', error }
    }
  }
}
