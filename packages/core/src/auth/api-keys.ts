import { createHash } from 'node:crypto'
import { equalConstantTime } from '../bytes/equal-constant-time.ts'
import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { Secret } from '../config/secret.ts'
import type { Database, Queryable } from '../database/database.ts'
import type { MigrationNaming, MigrationSet } from '../database/migration.ts'
import { tableNames } from '../database/table-names.ts'
import { milliseconds, type Duration } from '../duration/duration.ts'
import type { Random } from '../random/random.ts'
import { systemRandom } from '../random/system-random.ts'
import { isApiKeyPrefix, makeApiKey, parseApiKey } from './api-key-format.ts'
import { apiKeyMigrations } from './api-key-migrations.ts'
import { authErrors } from './errors.ts'
import type { Identity } from './identity.ts'

/** Options of {@link createApiKeys}. */
export interface ApiKeysOptions extends MigrationNaming {
  /** Where the hashes are kept. */
  readonly database: Database
  /** What keys begin with, so that people and scanners recognise them: a lower-case letter, then up to 15 letters or digits. @default 'key' */
  readonly keyPrefix?: string | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** @default systemRandom */
  readonly random?: Random | undefined
}

/** What a new key is for. */
export interface NewApiKey {
  /** Who acts when the key is used. */
  readonly subject: string
  /** @default [] */
  readonly roles?: readonly string[] | undefined
  /** @default [] */
  readonly scopes?: readonly string[] | undefined
  /** How long it is valid. @default for ever */
  readonly expiresIn?: Duration | undefined
  /** Anything of the host's, as JSON; it becomes the identity's claims. @default {} */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined
}

/** A key as it is stored. */
export interface ApiKey {
  readonly id: string
  readonly subject: string
  readonly roles: readonly string[]
  readonly scopes: readonly string[]
  readonly metadata: Readonly<Record<string, unknown>>
  readonly createdAt: Date
  readonly expiresAt: Date | undefined
  readonly revokedAt: Date | undefined
}

/** A key and its text, which is shown once and stored nowhere. */
export interface IssuedApiKey {
  readonly key: ApiKey
  readonly text: Secret
}

/** Options of a call within the host's transaction. */
export interface ApiKeyCallOptions {
  /** An open transaction. @default none */
  readonly tx?: Queryable | undefined
  /** Ends the waiting for the database. */
  readonly signal?: AbortSignal | undefined
}

/** API keys in a database. */
export interface ApiKeys {
  readonly migrations: MigrationSet
  create(key: NewApiKey, options?: ApiKeyCallOptions): Promise<IssuedApiKey>
  /** Who a key's text stands for. @throws `CORE_AUTH_KEY_INVALID` */
  verify(text: string, options?: ApiKeyCallOptions): Promise<Identity>
  /**
   * Gives a key a new secret; the old text stays valid for `overlap` (one day unless told), so that no caller fails in
   * between.
   *
   * @throws `CORE_AUTH_KEY_MISSING`
   */
  rotate(id: string, options?: ApiKeyCallOptions & { readonly overlap?: Duration | undefined }): Promise<IssuedApiKey>
  /** Ends a key at once. @throws `CORE_AUTH_KEY_MISSING` */
  revoke(id: string, options?: ApiKeyCallOptions): Promise<void>
  /** The keys of a subject, oldest first. */
  list(subject: string, options?: ApiKeyCallOptions): Promise<readonly ApiKey[]>
}

interface Row {
  readonly id: string
  readonly prefix: string
  readonly secret_hash: string
  readonly previous_hash: string | null
  readonly previous_until: number | null
  readonly subject: string
  readonly roles: string
  readonly scopes: string
  readonly metadata: string
  readonly created_at: number
  readonly expires_at: number | null
  readonly revoked_at: number | null
}

/**
 * API keys of the form `prefix_id_secret`, of which only a SHA-256 of the secret is stored: with 190 bits of chance in
 * it, a slow hash would protect nothing more. Comparison takes the same time whatever differs.
 *
 * @example
 * ```ts
 * import { createApiKeys } from '@exprsn/core/auth'
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * const keys = createApiKeys({ database, keyPrefix: 'acme' })
 * await migrate(database, [keys.migrations])
 * const { text } = await keys.create({ subject: 'reports', scopes: ['jobs:read'] })
 * const identity = await keys.verify(text.reveal())
 * console.log(identity.subject, identity.scopes) // reports [ 'jobs:read' ]
 * ```
 */
export function createApiKeys(options: ApiKeysOptions): ApiKeys {
  const { database, keyPrefix = 'key', clock = systemClock, random = systemRandom } = options
  if (!isApiKeyPrefix(keyPrefix)) throw authErrors.CORE_AUTH_OPTION_INVALID({ option: 'keyPrefix', value: keyPrefix })
  const table = tableNames(database.dialect, options).table('api_keys')

  async function find(id: string, { tx = database, signal }: ApiKeyCallOptions): Promise<Row | undefined> {
    const { rows } = await tx.query<Row>(`select * from ${table} where id = $1`, [id], { signal })
    return rows[0]
  }

  return {
    migrations: apiKeyMigrations,
    async create(key, call = {}) {
      const { subject, roles = [], scopes = [], metadata = {}, expiresIn } = key
      if (subject === '') throw authErrors.CORE_AUTH_OPTION_INVALID({ option: 'subject', value: 'empty' })
      const made = makeApiKey(keyPrefix, random)
      const now = clock.now()
      const row: Row = {
        id: made.id,
        prefix: keyPrefix,
        secret_hash: hash(made.secret),
        previous_hash: null,
        previous_until: null,
        subject,
        roles: JSON.stringify(roles),
        scopes: JSON.stringify(scopes),
        metadata: JSON.stringify(metadata),
        created_at: now,
        expires_at: expiresIn === undefined ? null : now + milliseconds(expiresIn),
        revoked_at: null,
      }
      const columns = Object.keys(row)
      const places = columns.map((_, index) => `$${index + 1}`)
      const text = `insert into ${table} (${columns.join(', ')}) values (${places.join(', ')})`
      await (call.tx ?? database).query(text, Object.values(row), { signal: call.signal })
      return { key: keyOf(row), text: new Secret(made.text) }
    },
    async verify(text, call = {}) {
      const parts = parseApiKey(text)
      if (parts === undefined || parts.prefix !== keyPrefix) throw invalid('it is not a key of this service')
      const row = await find(parts.id, call)
      const now = clock.now()
      if (row === undefined || !matches(row, parts.secret, now)) throw invalid('it is unknown')
      if (row.revoked_at !== null) throw invalid('it was revoked')
      if (row.expires_at !== null && now >= row.expires_at) throw invalid('it has expired')
      const { subject, roles, scopes, metadata } = keyOf(row)
      return { subject, kind: 'api-key', via: 'header', roles, scopes, claims: { ...metadata, keyId: row.id } }
    },
    async rotate(id, call = {}) {
      const made = makeApiKey(keyPrefix, random, id)
      const until = clock.now() + milliseconds(call.overlap ?? '1d')
      const { rows } = await (call.tx ?? database).query<Row>(
        `update ${table} set previous_hash = secret_hash, previous_until = $2, secret_hash = $3
         where id = $1 and revoked_at is null returning *`,
        [id, until, hash(made.secret)],
        { signal: call.signal },
      )
      if (rows[0] === undefined) throw authErrors.CORE_AUTH_KEY_MISSING({ id })
      return { key: keyOf(rows[0]), text: new Secret(made.text) }
    },
    async revoke(id, call = {}) {
      const { count } = await (call.tx ?? database).query(
        `update ${table} set revoked_at = coalesce(revoked_at, $2) where id = $1`,
        [id, clock.now()],
        { signal: call.signal },
      )
      if (count === 0) throw authErrors.CORE_AUTH_KEY_MISSING({ id })
    },
    async list(subject, { tx = database, signal } = {}) {
      const text = `select * from ${table} where subject = $1 order by created_at, id`
      return (await tx.query<Row>(text, [subject], { signal })).rows.map(keyOf)
    },
  }
}

function matches(row: Row, secret: string, now: number): boolean {
  const given = Buffer.from(hash(secret))
  const current = equalConstantTime(given, Buffer.from(row.secret_hash))
  const previous = row.previous_hash !== null && equalConstantTime(given, Buffer.from(row.previous_hash))
  return current || (previous && now < (row.previous_until ?? 0))
}

function hash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

function keyOf(row: Row): ApiKey {
  return {
    id: row.id,
    subject: row.subject,
    roles: JSON.parse(row.roles) as string[],
    scopes: JSON.parse(row.scopes) as string[],
    metadata: JSON.parse(row.metadata) as Record<string, unknown>,
    createdAt: new Date(row.created_at),
    expiresAt: row.expires_at === null ? undefined : new Date(row.expires_at),
    revokedAt: row.revoked_at === null ? undefined : new Date(row.revoked_at),
  }
}

function invalid(reason: string) {
  return authErrors.CORE_AUTH_KEY_INVALID({ reason })
}
