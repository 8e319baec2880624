/**
 * OAuth with DPoP and pushed authorization requests, through the optional peer `@atproto/oauth-client-node`.
 *
 * @packageDocumentation
 */
import { oauthDriverErrors } from './oauth-client-node/errors.ts'

export { oauthDriverErrors }

/** A store as the library wants it. */
export interface OAuthStore {
  /** What is kept under a key. */
  get(key: string): Promise<unknown>
  /** Keeps a value: it is stored when the promise resolves. */
  set(key: string, value: unknown): Promise<void>
  /** Forgets a key. */
  del(key: string): Promise<void>
}

/** What the library is given by the sessions. */
export interface OAuthStores {
  /** Logins under way. */
  readonly stateStore: OAuthStore
  /** Sessions by DID. */
  readonly sessionStore: OAuthStore
  /** Runs work while nobody else, in whatever process, runs work under the same name. */
  readonly requestLock: <Result>(name: string, work: () => Result | PromiseLike<Result>) => Promise<Result>
}

/** A session as far as it is used here. */
export interface OAuthSessionLike {
  readonly did: string
  /** Sends a request to the account's host with its proofs. */
  fetchHandler(path: string, init?: RequestInit): Promise<Response>
}

/** The library's client as far as it is used here. */
export interface OAuthClientLike {
  /** Begins a login: where the browser is to be sent. */
  authorize(input: string, options?: Readonly<Record<string, unknown>>): Promise<URL>
  /** Ends a login. */
  callback(params: URLSearchParams): Promise<{ readonly session: OAuthSessionLike; readonly state: string | null }>
  /** A session from the store; refreshed when it is old, or when that is asked for. */
  restore(did: string, refresh?: boolean | 'auto'): Promise<OAuthSessionLike>
  /** Ends a session at its host, too. */
  revoke(did: string): Promise<void>
}

/** Makes the client with the stores of the sessions. */
export type OAuthLibrary = (stores: OAuthStores) => Promise<OAuthClientLike>

/** The module as far as it is used here. */
export interface OAuthClientNodeModule {
  readonly NodeOAuthClient: new (options: never) => OAuthClientLike
}

/** Options of {@link oauthClientNode}. */
export interface OAuthClientNodeOptions {
  /** The client's metadata: `client_id`, `redirect_uris`, `scope`, … as its `client_id` serves them. */
  readonly clientMetadata: Readonly<Record<string, unknown>>
  /** Keys with which the client proves who it is: made by `JoseKey` of the package. @default none: a public client */
  readonly keyset?: readonly unknown[] | undefined
  /** A service that resolves handles: its URL, or an object of the package. @default DNS and HTTPS */
  readonly handleResolver?: string | object | undefined
  /** @default 'https://plc.directory' */
  readonly plcDirectoryUrl?: string | undefined
  /** Whether hosts without TLS are talked to: for tests. @default false */
  readonly allowHttp?: boolean | undefined
  /** The way out: `client.fetch` of `@exprsn/core/client` keeps requests from private addresses. @default the global fetch */
  readonly fetch?: typeof globalThis.fetch | undefined
  /** Loads the package, for hosts that bundle it. @default import('@atproto/oauth-client-node') */
  readonly module?: (() => Promise<OAuthClientNodeModule>) | undefined
}

/**
 * The official client for Node. It is loaded on first use.
 *
 * @throws `ATPROTO_OAUTH_DRIVER_MISSING` on first use
 * @example
 * ```ts no-run
 * import { oauthClientNode } from '@exprsn/atproto/drivers/oauth-client-node'
 *
 * const library = oauthClientNode({
 *   clientMetadata: {
 *     client_id: 'https://news.example/oauth/client.json',
 *     redirect_uris: ['https://news.example/oauth/callback'],
 *     scope: 'atproto transition:generic',
 *     dpop_bound_access_tokens: true,
 *     token_endpoint_auth_method: 'none',
 *   },
 * })
 * console.log(typeof library) // function
 * ```
 */
export function oauthClientNode(options: OAuthClientNodeOptions): OAuthLibrary {
  const { module = importModule, ...settings } = options
  return async (stores) => {
    const { NodeOAuthClient } = await module()
    return new NodeOAuthClient({ ...definedOf(settings), ...stores } as never)
  }
}

async function importModule(): Promise<OAuthClientNodeModule> {
  try {
    // Written inside the try: bundlers then accept that the package may be absent.
    return (await import('@atproto/oauth-client-node')) as unknown as OAuthClientNodeModule
  } catch (cause) {
    throw oauthDriverErrors.ATPROTO_OAUTH_DRIVER_MISSING({ package: '@atproto/oauth-client-node' }, { cause })
  }
}

function definedOf(settings: object): object {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
}
