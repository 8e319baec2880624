import type { FetchHandler } from '@exprsn/core/http'
import { identityRouter, type IdentityRouterOptions } from './identity-router.ts'

/**
 * Serves handles and did:web identities for the host names that point here: `/.well-known/atproto-did` answers which
 * account a handle belongs to, `/.well-known/did.json` the document of a did:web. The host name of the request decides
 * which; behind a proxy, make the adapter trust its headers.
 *
 * @example
 * ```ts
 * import { createIdentityHandler } from '@exprsn/atproto/http'
 *
 * const accounts = new Map([['alice.example.com', 'did:plc:ewvi7nxzyoun6zhxrhs64oiz']])
 * const handler = createIdentityHandler({ didOf: (handle) => accounts.get(handle) })
 * const response = await handler(new Request('https://alice.example.com/.well-known/atproto-did'))
 * console.log(await response.text()) // did:plc:ewvi7nxzyoun6zhxrhs64oiz
 * ```
 */
export function createIdentityHandler(options: IdentityRouterOptions): FetchHandler {
  return identityRouter(options).fetch
}
