import { systemClock, systemRandom, type Clock, type Duration, type Random } from '@exprsn/core'
import type { Keyring } from '@exprsn/core/crypto'
import type { Database, MigrationNaming, MigrationSet } from '@exprsn/core/database'
import type { OAuthClientLike, OAuthLibrary, OAuthSessionLike } from '../drivers/oauth-client-node.ts'
import { fetchAccount, type PublishAccount } from '../publish/index.ts'
import { sessionErrors } from './errors.ts'
import { sessionMigrations } from './migrations.ts'
import { SealedStore, type StoredSession } from './sealed-store.ts'
import { SharedLock } from './shared-lock.ts'

/** Options of {@link createOAuthSessions}. */
export interface OAuthSessionsOptions extends MigrationNaming {
  /** Where sessions are kept: the same for all processes. */
  readonly database: Database
  /** Seals them: whoever reads the table can log in as nobody. */
  readonly keyring: Keyring
  /** Speaks the protocol: `oauthClientNode(…)`. */
  readonly library: OAuthLibrary
  /** For how long a process that gives no sign of life keeps others from refreshing. @default '45s' */
  readonly lease?: Duration | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** @default systemRandom */
  readonly random?: Random | undefined
}

/** OAuth sessions of accounts, shared by all processes of a host. Made by {@link createOAuthSessions}. */
export interface OAuthSessions {
  /** The tables they need, for `migrate`. */
  readonly migrations: readonly MigrationSet[]
  /**
   * Begins a login.
   *
   * @param input handle or DID of the account, or the URL of its host
   * @returns where the account's browser is to be sent
   */
  authorize(
    input: string,
    options?: {
      /** Comes back from {@link OAuthSessions.callback}. */
      readonly state?: string | undefined
      /** @default that of the client's metadata */
      readonly scope?: string | undefined
      /** Gives up the calls that it needs. */
      readonly signal?: AbortSignal | undefined
    },
  ): Promise<URL>
  /** Ends a login with the query that the browser came back with. */
  callback(
    query: URLSearchParams | string,
  ): Promise<{ readonly did: string; /** What `authorize` was given. */ readonly state: string | undefined }>
  /**
   * An account to publish with. Tokens are refreshed when it is time, by one process for all. When its grant was revoked, or
   * it has moved away from the host of its session, its calls throw `ATPROTO_OAUTH_LOGIN_NEEDED`: items wait, and `get` says
   * why, until it was sent through a new login.
   */
  account(
    did: string,
    options?: {
      /** The host where its identity says that it is: for `followAccount`. @default that of the session */
      readonly service?: string | undefined
    },
  ): PublishAccount
  /**
   * Refreshes a session now.
   *
   * @throws `ATPROTO_OAUTH_LOGIN_NEEDED`
   */
  refresh(did: string): Promise<void>
  /** The session of an account: whether it can be used, or needs a login. */
  get(did: string): Promise<StoredSession | undefined>
  /** All sessions, those that are lost included. */
  list(): Promise<readonly StoredSession[]>
  /** Ends a session, here and at the account's host. */
  revoke(did: string): Promise<void>
}

/**
 * Sessions by OAuth with DPoP, for any number of processes. The protocol is the library's; what is ours is that a session
 * survives: one process refreshes while all others wait and then read what it has stored, a new token is stored before it is
 * used, nobody deletes what another has renewed, and a session that is lost says so instead of being gone. Tokens and keys are
 * sealed in the table.
 *
 * @example
 * ```ts no-run
 * import { createKeyring } from '@exprsn/core/crypto'
 * import { sqliteDatabase } from '@exprsn/core/database'
 * import { oauthClientNode } from '@exprsn/atproto/drivers/oauth-client-node'
 * import { createOAuthSessions } from '@exprsn/atproto/session'
 *
 * const sessions = createOAuthSessions({
 *   database: sqliteDatabase({ path: 'news.db' }),
 *   keyring: createKeyring({ keys: [{ id: 'main', secret: process.env.NEWS_KEY! }] }),
 *   library: oauthClientNode({ clientMetadata: { client_id: 'https://news.example/oauth/client.json' } }),
 * })
 * const url = await sessions.authorize('alice.example')
 * console.log(`send the browser to ${url}`)
 * // … it comes back to redirect_uris with ?code=…&state=…&iss=…
 * const { did } = await sessions.callback('code=…&state=…&iss=…')
 * const account = sessions.account(did) // for createPublisher and createTwoWay
 * console.log(account.did)
 * ```
 */
export function createOAuthSessions(options: OAuthSessionsOptions): OAuthSessions {
  return new DatabaseSessions(options)
}

class DatabaseSessions implements OAuthSessions {
  readonly migrations = [sessionMigrations]
  readonly #library: OAuthLibrary
  readonly #store: SealedStore
  readonly #lock: SharedLock
  #client: Promise<OAuthClientLike> | undefined

  constructor(options: OAuthSessionsOptions) {
    const { database, keyring, library, prefix, schema, lease = '45s' } = options
    const { clock = systemClock, random = systemRandom } = options
    this.#library = library
    this.#store = new SealedStore(database, keyring, clock, { prefix, schema })
    this.#lock = new SharedLock(database, { clock, random, lease, prefix, schema })
  }

  async authorize(input: string, options: Parameters<OAuthSessions['authorize']>[1] = {}): Promise<URL> {
    const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
    return (await this.#loaded()).authorize(input, given)
  }

  async callback(query: URLSearchParams | string): ReturnType<OAuthSessions['callback']> {
    const { session, state } = await (await this.#loaded()).callback(new URLSearchParams(query))
    return { did: session.did, state: state ?? undefined }
  }

  account(did: string, { service }: { readonly service?: string | undefined } = {}): PublishAccount {
    const account = fetchAccount({
      did,
      fetch: async (path, init) => (await this.#restore(did, 'auto')).fetchHandler(path, init),
    })
    return {
      did,
      call: async (method, request) => {
        await this.#checkHost(did, service)
        // Whoever publishes waits for a login, and not for the next attempt.
        const answer = await account.call(method, request).catch(async (error: unknown) => {
          throw (await this.#loss(did, error)) ?? error
        })
        const loss = answer.status === 401 ? await this.#loss(did) : undefined
        if (loss !== undefined) throw loss
        return answer
      },
    }
  }

  async refresh(did: string): Promise<void> {
    await this.#restore(did, true).catch(async (error: unknown) => {
      throw (await this.#loss(did, error)) ?? error
    })
  }

  async get(did: string): Promise<StoredSession | undefined> {
    const [session] = await this.#store.list(did)
    return session
  }

  list(): Promise<readonly StoredSession[]> {
    return this.#store.list()
  }

  async revoke(did: string): Promise<void> {
    const [known] = await this.#store.list(did)
    if (known?.state === 'active') await (await this.#loaded()).revoke(did)
    await this.#store.deleteSession(did)
  }

  /** A session is of one host. One that was set aside holds again where its account is found at that host all the same. */
  async #checkHost(did: string, service: string | undefined): Promise<void> {
    if (service === undefined) return
    const session = await this.#store.readHost(did)
    if (session?.host === undefined) return
    const { host, version, isAside } = session
    const isThere = new URL(host).origin === new URL(service).origin
    if (isThere && isAside) await this.#store.takeBack(did, version)
    if (isThere) return
    const reason = `the account is at ${service} now, and its session is of ${host}`
    if (!isAside) await this.#store.setAside(did, version, reason)
    throw sessionErrors.ATPROTO_OAUTH_LOGIN_NEEDED({ did, reason })
  }

  /** Why a login is needed; undefined while the session holds. */
  async #loss(did: string, cause?: unknown): Promise<Error | undefined> {
    const session = await this.get(did)
    if (session?.state === 'active') return undefined
    const reason = session?.reason ?? 'there is no session'
    return sessionErrors.ATPROTO_OAUTH_LOGIN_NEEDED({ did, reason }, { cause })
  }

  async #restore(did: string, refresh: boolean | 'auto'): Promise<OAuthSessionLike> {
    return (await this.#loaded()).restore(did, refresh)
  }

  #loaded(): Promise<OAuthClientLike> {
    this.#client ??= this.#library({
      stateStore: {
        get: (name) => this.#store.readLogin(name),
        set: (name, value) => this.#store.saveLogin(name, value),
        del: (name) => this.#store.deleteLogin(name),
      },
      sessionStore: {
        get: (did) => this.#store.readSession(did),
        set: (did, value) => this.#store.saveSession(did, value),
        del: (did) => this.#store.giveUpSession(did, 'its host does not accept the refresh token any more'),
      },
      requestLock: (name, work) => this.#lock.run(name, work),
    })
    // A package that is missing may be there at the next attempt.
    this.#client.catch(() => (this.#client = undefined))
    return this.#client
  }
}
