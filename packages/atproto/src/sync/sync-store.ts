import {
  tableNames,
  type Database,
  type MigrationNaming,
  type Queryable,
  type Transaction,
} from '@exprsn/core/database'
import { repoRow, type RawRepoRow, type RepoRow } from './repo-row.ts'
import { syncStatements, type SyncStatements } from './statements.ts'

/** Where a source stands. */
export interface SourceRow {
  /** The last message of the unbroken row of messages that were applied. */
  readonly seq: number | undefined
  /** Counts how often the host has begun to number anew. */
  readonly epoch: number
  /** Whether every repository of the host has to be looked at. */
  readonly listing: boolean
}

/** A record that was applied, or refused. */
export interface RecordRow {
  readonly path: string
  readonly cid: string
  readonly refused: boolean
}

/** How many repositories are in which state. */
export interface RepoCounts {
  readonly synced: number
  readonly desynced: number
  /** Those of the desynced whose last attempt failed. */
  readonly parked: number
}

/** The tables of one source. Every method takes what it runs on: the database or an open transaction. */
export class SyncStore {
  readonly #source: string
  readonly #sql: SyncStatements

  constructor(source: string, dialect: Queryable['dialect'], naming: MigrationNaming) {
    this.#source = source
    this.#sql = syncStatements(dialect, tableNames(dialect, naming))
  }

  /** Where the source stands; it is entered when it is new. */
  async openSource(on: Queryable): Promise<SourceRow> {
    await on.query(this.#sql.addSource, [this.#source])
    const { rows } = await on.query<{ seq: number | null; epoch: number; listing: number }>(this.#sql.readSource, [
      this.#source,
    ])
    const { seq, epoch, listing } = rows[0]!
    return { seq: seq ?? undefined, epoch, listing: listing !== 0 }
  }

  async moveCursor(on: Queryable, seq: number, epoch: number): Promise<void> {
    await on.query(this.#sql.moveCursor, [this.#source, seq, epoch])
  }

  async setListing(on: Queryable, listing: boolean): Promise<void> {
    await on.query(this.#sql.setListing, [this.#source, listing])
  }

  /** Forgets the cursor; numbers from here on are of another count. Waits for the transactions that hold the count. */
  async newEpoch(database: Database, epoch: number): Promise<void> {
    await database.transaction(async (tx) => {
      await tx.query(this.#sql.lockSource, [this.#source])
      await tx.query(this.#sql.newEpoch, [this.#source, epoch])
    })
  }

  /** The count of now, which stays that until the transaction ends. */
  async holdEpoch(tx: Transaction): Promise<number> {
    const { rows } = await tx.query<{ epoch: number }>(this.#sql.holdEpoch, [this.#source])
    return rows[0]!.epoch
  }

  /** Locks a repository until the end of the transaction; it is entered when it is new. */
  async lockRepo(on: Queryable, did: string, epoch: number): Promise<RepoRow> {
    const { rows } = await on.query<RawRepoRow>(this.#sql.lockRepo, [this.#source, did, epoch])
    return repoRow(rows[0]!)
  }

  async saveRepo(on: Queryable, row: RepoRow): Promise<void> {
    await on.query(this.#sql.saveRepo, [
      this.#source,
      row.did,
      row.rev ?? null,
      row.data ?? null,
      row.seq,
      row.epoch,
      row.state,
      row.account ?? null,
      row.wantedRev ?? null,
      row.attempts,
      row.retryAt,
      row.error ?? null,
      row.claim ?? null,
      row.notices ?? null,
    ])
  }

  async readRepo(on: Queryable, did: string): Promise<RepoRow | undefined> {
    const { rows } = await on.query<RawRepoRow>(this.#sql.readRepo, [this.#source, did])
    return rows[0] === undefined ? undefined : repoRow(rows[0])
  }

  /** Repositories that are in step, in the order of their DIDs from one on. */
  async settledRepos(on: Queryable, after: string, limit: number): Promise<RepoRow[]> {
    const { rows } = await on.query<RawRepoRow>(this.#sql.settledRepos, [this.#source, after, limit])
    return rows.map(repoRow)
  }

  /** Repositories that should be fetched now, those that wait longest first. */
  async dueRepos(on: Queryable, now: number, limit: number): Promise<string[]> {
    const { rows } = await on.query<{ did: string }>(this.#sql.dueRepos, [this.#source, now, limit])
    return rows.map(({ did }) => did)
  }

  /** When the next repository should be fetched. */
  async nextDue(on: Queryable): Promise<number | undefined> {
    const { rows } = await on.query<{ at: number | null }>(this.#sql.nextDue, [this.#source])
    return rows[0]?.at ?? undefined
  }

  async parkedRepos(on: Queryable, limit: number): Promise<RepoRow[]> {
    const { rows } = await on.query<RawRepoRow>(this.#sql.parkedRepos, [this.#source, limit])
    return rows.map(repoRow)
  }

  async countStates(on: Queryable): Promise<RepoCounts> {
    const { rows } = await on.query<{ state: string; repos: number; failed: number }>(this.#sql.countStates, [
      this.#source,
    ])
    const of = (state: string) => rows.find((row) => row.state === state)
    const [synced, desynced] = [of('synced'), of('desynced')]
    return {
      synced: Number(synced?.repos ?? 0),
      desynced: Number(desynced?.repos ?? 0),
      parked: Number(desynced?.failed ?? 0),
    }
  }

  /** Takes a due repository until the lease ends; undefined when it is not due any more. */
  async claimRepo(on: Queryable, did: string, claim: string, until: number, now: number): Promise<RepoRow | undefined> {
    const { rows } = await on.query<RawRepoRow>(this.#sql.claimRepo, [this.#source, did, claim, until, now])
    return rows[0] === undefined ? undefined : repoRow(rows[0])
  }

  async renewClaim(on: Queryable, did: string, claim: string, until: number): Promise<void> {
    await on.query(this.#sql.renewClaim, [this.#source, did, claim, until])
  }

  /** @returns whether it was desynced */
  async retryNow(on: Queryable, did: string): Promise<boolean> {
    return (await on.query(this.#sql.retryNow, [this.#source, did])).count > 0
  }

  /** What is known of these paths. */
  async knownRecords(on: Queryable, did: string, paths: readonly string[]): Promise<Map<string, RecordRow>> {
    const values = [this.#source, did, JSON.stringify(paths)]
    const { rows } = await on.query<{ path: string; cid: string; refused: number }>(this.#sql.knownRecords, values)
    return new Map(rows.map(({ path, cid, refused }) => [path, { path, cid, refused: refused !== 0 }]))
  }

  /** Every path that is known with its CID. */
  async allRecords(on: Queryable, did: string): Promise<Map<string, string>> {
    const { rows } = await on.query<{ path: string; cid: string }>(this.#sql.allRecords, [this.#source, did])
    return new Map(rows.map(({ path, cid }) => [path, cid]))
  }

  async saveRecords(on: Queryable, did: string, records: readonly RecordRow[]): Promise<void> {
    if (records.length === 0) return
    const entries = records.map(({ path, cid, refused }) => [path, cid, refused ? 1 : 0])
    await on.query(this.#sql.saveRecords, [this.#source, did, JSON.stringify(entries)])
  }

  async deleteRecords(on: Queryable, did: string, paths: readonly string[]): Promise<void> {
    if (paths.length > 0) await on.query(this.#sql.deleteRecords, [this.#source, did, JSON.stringify(paths)])
  }
}
