import { sleep, type Clock } from '@exprsn/core'
import { open, seal, type Keyring } from '@exprsn/core/crypto'
import { tableNames, type Database, type MigrationNaming, type SqlValue } from '@exprsn/core/database'
import { sessionErrors } from './errors.ts'

const attempts = 5
const loginLife = 3_600_000

/** A session as it stands in the table. */
export interface StoredSession {
  readonly did: string
  /** `active`, or `login-needed` with the reason: items of its publisher wait then. */
  readonly state: 'active' | 'login-needed'
  readonly reason: string | undefined
  readonly updatedAt: Date
}

/** Where a session is used. */
export interface SessionHost {
  readonly version: number
  readonly host: string | undefined
  readonly isAside: boolean
}

/** Keeps logins and sessions sealed: each is bound to its name, so that rows cannot be swapped. */
export class SealedStore {
  readonly #database: Database
  readonly #keyring: Keyring
  readonly #clock: Clock
  readonly #logins: string
  readonly #sessions: string
  /** What this process has read last: what another has written since is not deleted. */
  readonly #seen = new Map<string, number>()

  constructor(database: Database, keyring: Keyring, clock: Clock, naming: MigrationNaming) {
    this.#database = database
    this.#keyring = keyring
    this.#clock = clock
    const names = tableNames(database.dialect, naming)
    this.#logins = names.table('oauth_login')
    this.#sessions = names.table('oauth_session')
  }

  async readLogin(name: string): Promise<unknown> {
    const sql = `select sealed from ${this.#logins} where name = $1 and expires_at > $2`
    const { rows } = await this.#database.query<{ sealed: Uint8Array }>(sql, [name, this.#clock.now()])
    return rows[0] === undefined ? undefined : this.#open('login', name, rows[0].sealed)
  }

  async saveLogin(name: string, value: unknown): Promise<void> {
    const now = this.#clock.now()
    await this.#database.query(`delete from ${this.#logins} where expires_at <= $1`, [now])
    const sql = `insert into ${this.#logins} (name, sealed, expires_at) values ($1, $2, $3)
on conflict (name) do update set sealed = excluded.sealed, expires_at = excluded.expires_at`
    await this.#database.query(sql, [name, await this.#seal('login', name, value), now + loginLife])
  }

  async deleteLogin(name: string): Promise<void> {
    await this.#database.query(`delete from ${this.#logins} where name = $1`, [name])
  }

  async readSession(did: string): Promise<unknown> {
    const sql = `select sealed, version, state from ${this.#sessions} where did = $1`
    const { rows } = await this.#database.query<{ sealed: Uint8Array; version: number; state: string }>(sql, [did])
    const row = rows[0]
    if (row?.state !== 'active') return undefined
    this.#seen.set(did, Number(row.version))
    return this.#open('session', did, row.sealed)
  }

  /** A refresh token works once: the new one must not get lost because the database was away for a moment. */
  async saveSession(did: string, value: unknown): Promise<void> {
    const sealed = await this.#seal('session', did, value)
    const sql = `insert into ${this.#sessions} as known (did, sealed, version, state, updated_at)
values ($1, $2, 1, 'active', $3)
on conflict (did) do update set sealed = excluded.sealed, version = known.version + 1, state = 'active', reason = null,
  updated_at = excluded.updated_at
returning version`
    const { rows } = await this.#again(sql, [did, sealed, this.#clock.now()])
    this.#seen.set(did, Number(rows[0]!.version))
  }

  /** Not when another process has a newer one: then what failed was an old one of ours. */
  async giveUpSession(did: string, reason: string): Promise<void> {
    const version = this.#seen.get(did)
    if (version === undefined) return
    const sql = `update ${this.#sessions} set state = 'login-needed', reason = $3, updated_at = $4
where did = $1 and version = $2 and state = 'active'`
    await this.#database.query(sql, [did, version, reason, this.#clock.now()])
  }

  /**
   * The host that a session is for, and whether it was set aside; undefined when there is none to use. The library calls the
   * host `aud`.
   */
  async readHost(did: string): Promise<SessionHost | undefined> {
    const sql = `select sealed, version, state from ${this.#sessions} where did = $1 and state in ('active', 'moved')`
    const { rows } = await this.#database.query<{ sealed: Uint8Array; version: number; state: string }>(sql, [did])
    const [row] = rows
    if (row === undefined) return undefined
    const session = (await this.#open('session', did, row.sealed)) as { readonly tokenSet?: { readonly aud?: unknown } }
    const host = session.tokenSet?.aud
    return {
      version: Number(row.version),
      host: typeof host === 'string' ? host : undefined,
      isAside: row.state === 'moved',
    }
  }

  /** Sets a session aside whose account is elsewhere: whoever finds the account where the session is takes it back. */
  async setAside(did: string, version: number, reason: string): Promise<void> {
    const sql = `update ${this.#sessions} set state = 'moved', reason = $3, updated_at = $4
where did = $1 and version = $2 and state = 'active'`
    await this.#database.query(sql, [did, version, reason, this.#clock.now()])
  }

  async takeBack(did: string, version: number): Promise<void> {
    const sql = `update ${this.#sessions} set state = 'active', reason = null, updated_at = $3
where did = $1 and version = $2 and state = 'moved'`
    await this.#database.query(sql, [did, version, this.#clock.now()])
  }

  async deleteSession(did: string): Promise<void> {
    await this.#database.query(`delete from ${this.#sessions} where did = $1`, [did])
  }

  async list(did = ''): Promise<readonly StoredSession[]> {
    const sql = `select did, state, reason, updated_at from ${this.#sessions} where $1 = '' or did = $1 order by did`
    const { rows } = await this.#database.query(sql, [did])
    return rows.map((row) => ({
      did: String(row.did),
      state: row.state === 'active' ? 'active' : 'login-needed',
      reason: (row.reason as string | null) ?? undefined,
      updatedAt: new Date(Number(row.updated_at)),
    }))
  }

  async #again(sql: string, values: readonly SqlValue[]): Promise<{ readonly rows: readonly { version?: unknown }[] }> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#database.query(sql, values)
      } catch (error) {
        if (attempt === attempts) throw error
        await sleep(50 * 2 ** attempt, { clock: this.#clock })
      }
    }
  }

  #seal(what: string, key: string, value: unknown): Promise<Uint8Array> {
    return seal(Buffer.from(JSON.stringify(value)), { keyring: this.#keyring, context: contextOf(what, key) })
  }

  async #open(what: string, key: string, sealed: Uint8Array): Promise<unknown> {
    try {
      const bytes = await open(sealed, { keyring: this.#keyring, context: contextOf(what, key) })
      return JSON.parse(Buffer.from(bytes).toString()) as unknown
    } catch (cause) {
      throw sessionErrors.ATPROTO_OAUTH_SESSION_DAMAGED({ what, key }, { cause })
    }
  }
}

function contextOf(what: string, key: string): string {
  return `atproto-oauth-${what} ${key}`
}
