import {
  ExprsnError,
  milliseconds,
  systemClock,
  systemRandom,
  type Clock,
  type Duration,
  type Random,
} from '@exprsn/core'
import { createClient, type Client } from '@exprsn/core/client'
import { didMethod, isDid, isHandle, isReservedHandle, syntaxErrors } from '../syntax/index.ts'
import { parseDidDocument, type DidDocument } from './did-document.ts'
import { didWebUrl } from './did-web.ts'
import { createTxtResolver, type TxtResolver } from './dns/txt-resolver.ts'
import { identityErrors } from './errors.ts'
import { dnsHandleLookup } from './handle/dns-handle-lookup.ts'
import type { HandleLookup } from './handle/handle-lookup.ts'
import { httpsHandleLookup } from './handle/https-handle-lookup.ts'
import { resolveHandle, type HandleResolution } from './handle/resolve-handle.ts'
import { identityOf, judgeHandle, type HandleAudit, type Identity } from './identity.ts'
import { documentOfState } from './plc/plc-document.ts'
import { fetchProblem, httpPlcDirectory, type PlcDirectory } from './plc/plc-directory.ts'
import { verifyPlcLog } from './plc/plc-log.ts'
import { TtlCache } from './ttl-cache.ts'

/** Options of {@link createIdentityResolver}. */
export interface IdentityResolverOptions {
  /** Fetches what the open network names; never closed here. @default one of its own, which calls public addresses alone */
  readonly client?: Pick<Client, 'request'> | undefined
  /** Where did:plc identities are kept. @default https://plc.directory */
  readonly plcDirectory?: PlcDirectory | string | undefined
  /** `log`: did:plc is read from its audit log, verified here; `document`: the directory is believed. @default 'document' */
  readonly plcTrust?: 'document' | 'log' | undefined
  /** Gives TXT records and how long they hold. @default the name servers of the machine */
  readonly resolveTxt?: TxtResolver | undefined
  /** The lookup over HTTPS. @default `https://<handle>/.well-known/atproto-did` */
  readonly lookupHttps?: HandleLookup | undefined
  /** What holds when DNS and HTTPS lead to different accounts. @default 'refuse' */
  readonly onConflict?: 'refuse' | 'prefer-dns' | undefined
  /** How long HTTPS is waited for once DNS has found an account. @default '1s' */
  readonly httpsGrace?: Duration | undefined
  /** How long documents are kept. @default '1h' */
  readonly documentTtl?: Duration | undefined
  /** `refresh` fetches the document of one account at most once in this time. @default '1m' */
  readonly refreshInterval?: Duration | undefined
  /** Most handles, and most documents, that are kept. @default 10000 */
  readonly cacheSize?: number | undefined
  /** Accepts `http:` servers and `did:web:localhost`, for networks of one's own. @default false */
  readonly allowHttp?: boolean | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** @default systemRandom */
  readonly random?: Random | undefined
}

/** Options of one call. */
export interface ResolveOptions {
  /** Gives up the look-ups. */
  readonly signal?: AbortSignal | undefined
  /** Asks anew, within the limits of `refreshInterval`: after a signature that did not verify, say. @default false */
  readonly refresh?: boolean | undefined
}

/** Resolves identities and keeps what it found for as long as it holds. */
export interface IdentityResolver extends AsyncDisposable {
  /**
   * Who a handle or DID is. For a DID the handle that its document claims is verified, too.
   *
   * @throws `ATPROTO_HANDLE_UNRESOLVED`, `ATPROTO_SYNTAX_INVALID` and the errors of {@link IdentityResolver.resolveDid}
   */
  resolve(handleOrDid: string, options?: ResolveOptions): Promise<Identity>
  /**
   * The document of a DID.
   *
   * @throws `ATPROTO_DID_UNSUPPORTED`, `ATPROTO_DID_NOT_FOUND`, `ATPROTO_DID_TOMBSTONED`, `ATPROTO_DID_UNRESOLVED`,
   * `ATPROTO_DID_DOCUMENT_INVALID`, `ATPROTO_PLC_LOG_INVALID`, `ATPROTO_SYNTAX_INVALID`
   */
  resolveDid(did: string, options?: ResolveOptions): Promise<DidDocument>
  /** What DNS and HTTPS say about a handle. @throws `ATPROTO_SYNTAX_INVALID` */
  resolveHandle(handle: string, options?: ResolveOptions): Promise<HandleResolution>
  /**
   * Whether a handle and its account name each other, and what was found on the way. Nothing that the network does makes
   * it reject.
   *
   * @param options.did the account that it must be of
   * @throws `ATPROTO_SYNTAX_INVALID`
   */
  verifyHandle(handle: string, options?: ResolveOptions & { readonly did?: string | undefined }): Promise<HandleAudit>
  /** Closes the client if it was made here. */
  close(): Promise<void>
}

/**
 * Makes a resolver of identities. Everything it fetches is named by strangers: only public addresses are called, over
 * https, with limits of time and size; see `client` to change that for a network of your own.
 *
 * @example
 * ```ts no-run
 * import { createIdentityResolver } from '@exprsn/atproto/identity'
 *
 * await using identities = createIdentityResolver()
 * const { did, handle, pds, signingKey, verified } = await identities.resolve('bsky.app')
 * console.log(did, handle, pds, signingKey, verified)
 * ```
 */
export function createIdentityResolver(options: IdentityResolverOptions = {}): IdentityResolver {
  return new CachingResolver(options)
}

class CachingResolver implements IdentityResolver {
  readonly #options: IdentityResolverOptions
  readonly #clock: Clock
  readonly #documents: TtlCache<DidDocument>
  readonly #refreshed: TtlCache<true>
  readonly #refusals: TtlCache<ExprsnError>
  readonly #handles: TtlCache<HandleResolution>
  readonly #running = new Map<string, Promise<unknown>>()
  readonly #documentTtl: number
  readonly #refreshInterval: number
  readonly #grace: number
  #ownClient: Client | undefined
  #sources: Sources | undefined

  constructor(options: IdentityResolverOptions) {
    const { clock = systemClock, cacheSize = 10_000 } = options
    this.#options = options
    this.#clock = clock
    this.#documents = new TtlCache(clock, cacheSize)
    this.#refreshed = new TtlCache(clock, cacheSize)
    this.#refusals = new TtlCache(clock, cacheSize)
    this.#handles = new TtlCache(clock, cacheSize)
    this.#documentTtl = milliseconds(options.documentTtl ?? '1h')
    this.#refreshInterval = milliseconds(options.refreshInterval ?? '1m')
    this.#grace = milliseconds(options.httpsGrace ?? '1s')
  }

  async resolve(handleOrDid: string, options: ResolveOptions = {}): Promise<Identity> {
    if (isDid(handleOrDid)) return this.#resolveAccount(handleOrDid, options)
    const handle = handleOrDid.toLowerCase()
    const resolution = await this.resolveHandle(handle, options)
    const { did, reason } = resolution
    if (did === undefined) throw identityErrors.ATPROTO_HANDLE_UNRESOLVED({ handle, reason, resolution })
    const document = await this.resolveDid(did, options)
    return identityOf(document, judgeHandle(handle, resolution, document, did, this.#clock.now()))
  }

  async resolveDid(did: string, { signal, refresh = false }: ResolveOptions = {}): Promise<DidDocument> {
    if (!isDid(did)) throw syntaxErrors.ATPROTO_SYNTAX_INVALID({ value: did, format: 'DID' })
    const known = this.#documents.get(did)
    const mayFetch = known === undefined || (refresh && this.#refreshed.get(did) === undefined)
    if (!mayFetch) return known
    const refusal = this.#refusals.get(did)
    if (refusal !== undefined) throw refusal
    return this.#once(did, signal, async () => {
      this.#refreshed.set(did, true, this.#refreshInterval)
      const document = await this.#fetchDocument(did).catch((error: unknown) => this.#keepRefusal(did, error))
      this.#refusals.delete(did)
      this.#documents.set(did, document, this.#documentTtl)
      return document
    })
  }

  async resolveHandle(handle: string, { signal, refresh = false }: ResolveOptions = {}): Promise<HandleResolution> {
    if (!isHandle(handle)) throw syntaxErrors.ATPROTO_SYNTAX_INVALID({ value: handle, format: 'handle' })
    const name = handle.toLowerCase()
    if (isReservedHandle(name)) return reservedHandle(name)
    const known = refresh ? undefined : this.#handles.get(name)
    if (known !== undefined) return known
    return this.#once(name, signal, async () => {
      const { dns, https } = this.#open()
      const { onConflict = 'refuse' } = this.#options
      const found = await resolveHandle(name, { dns, https, onConflict, grace: this.#grace, clock: this.#clock })
      this.#handles.set(name, found, found.ttl)
      return found
    })
  }

  async verifyHandle(
    handle: string,
    options: ResolveOptions & { readonly did?: string | undefined } = {},
  ): Promise<HandleAudit> {
    const resolution = await this.resolveHandle(handle, options)
    const name = handle.toLowerCase()
    const document =
      resolution.did === undefined
        ? undefined
        : await this.resolveDid(resolution.did, options).catch(() => {
            options.signal?.throwIfAborted()
            return undefined
          })
    return judgeHandle(name, resolution, document, options.did, this.#clock.now())
  }

  async close(): Promise<void> {
    await this.#ownClient?.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #resolveAccount(did: string, options: ResolveOptions): Promise<Identity> {
    const document = await this.resolveDid(did, options)
    const [handle] = document.handles
    const now = this.#clock.now()
    if (handle !== undefined) {
      const resolution = await this.resolveHandle(handle, options)
      return identityOf(document, judgeHandle(handle, resolution, document, did, now))
    }
    const nothing = { handle, verified: false, did: undefined, reason: 'no-handle', resolution: undefined } as const
    return identityOf(document, { ...nothing, claimed: [], checkedAt: new Date(now) })
  }

  async #fetchDocument(did: string): Promise<DidDocument> {
    const { allowHttp = false, plcTrust = 'document' } = this.#options
    const method = didMethod(did)
    if (method === 'web') return parseDidDocument(await this.#fetchWeb(did, allowHttp), { did, allowHttp })
    if (method !== 'plc' || !/^did:plc:[a-z2-7]{24}$/.test(did))
      throw identityErrors.ATPROTO_DID_UNSUPPORTED({ did, reason: 'it is neither did:plc nor did:web' })
    const { directory } = this.#open()
    if (plcTrust === 'document') return parseDidDocument(await directory.document(did), { did, allowHttp })
    const { state } = verifyPlcLog(did, await directory.auditLog(did), { clock: this.#clock })
    if (state === undefined) throw identityErrors.ATPROTO_DID_TOMBSTONED({ did })
    return documentOfState(did, state, { allowHttp })
  }

  /** That there is no such identity is kept for a while: a stream may name it a thousand times in a second. */
  #keepRefusal(did: string, error: unknown): never {
    if (ExprsnError.is(error) && !error.retryable) this.#refusals.set(did, error, this.#refreshInterval)
    throw error
  }

  async #fetchWeb(did: string, allowHttp: boolean): Promise<unknown> {
    const url = didWebUrl(did, { allowHttp })
    try {
      const { client } = this.#open()
      const response = await client.request(url, { timeout: '10s', maxRedirects: 0, maxResponseBytes: 64 * 1024 })
      return response.json()
    } catch (cause) {
      throw fetchProblem(did, cause)
    }
  }

  /**
   * Those who ask for the same thing at the same time share one request. It goes on when one of them gives up: it has
   * limits of its own, and the others wait for it.
   */
  async #once<Result>(key: string, signal: AbortSignal | undefined, run: () => Promise<Result>): Promise<Result> {
    signal?.throwIfAborted()
    const running = (this.#running.get(key) as Promise<Result> | undefined) ?? run()
    this.#running.set(key, running)
    const forget = (): void => {
      if (this.#running.get(key) === running) this.#running.delete(key)
    }
    running.then(forget, forget)
    return signal === undefined ? running : orAborted(running, signal)
  }

  #open(): Sources {
    if (this.#sources !== undefined) return this.#sources
    const { resolveTxt, lookupHttps, plcDirectory, clock = systemClock, random = systemRandom } = this.#options
    const client = this.#options.client ?? (this.#ownClient = createClient({ clock, random }))
    this.#sources = {
      client,
      dns: dnsHandleLookup(resolveTxt ?? createTxtResolver({ clock, random })),
      https: lookupHttps ?? httpsHandleLookup({ client }),
      directory: typeof plcDirectory === 'object' ? plcDirectory : httpPlcDirectory({ client, url: plcDirectory }),
    }
    return this.#sources
  }
}

interface Sources {
  readonly client: Pick<Client, 'request'>
  readonly dns: HandleLookup
  readonly https: HandleLookup
  readonly directory: PlcDirectory
}

function reservedHandle(handle: string): HandleResolution {
  const skipped = { outcome: 'skipped' } as const
  return { handle, did: undefined, reason: 'reserved', dns: skipped, https: skipped, ttl: Infinity }
}

function orAborted<Result>(running: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(signal.reason as Error)
    signal.addEventListener('abort', giveUp, { once: true })
    running.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp))
  })
}
