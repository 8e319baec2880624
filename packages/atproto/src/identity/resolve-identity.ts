import {
  createIdentityResolver,
  type IdentityResolverOptions,
  type ResolveOptions,
} from './create-identity-resolver.ts'
import type { HandleAudit, Identity } from './identity.ts'

/**
 * Who a handle or DID is, asked once. A program that asks often keeps a resolver: `createIdentityResolver`.
 *
 * @throws `ATPROTO_HANDLE_UNRESOLVED` and the other errors of `IdentityResolver.resolve`
 * @example
 * ```ts no-run
 * import { resolveIdentity } from '@exprsn/atproto/identity'
 *
 * const { did, handle, pds, signingKey, verified } = await resolveIdentity('bsky.app')
 * console.log(did, handle, pds, signingKey, verified)
 * ```
 */
export async function resolveIdentity(
  handleOrDid: string,
  options: IdentityResolverOptions & ResolveOptions = {},
): Promise<Identity> {
  await using resolver = createIdentityResolver(options)
  return await resolver.resolve(handleOrDid, options)
}

/**
 * Whether a handle and its account name each other, asked once, with all that was found on the way.
 *
 * @throws `ATPROTO_SYNTAX_INVALID`
 * @example
 * ```ts no-run
 * import { verifyHandle } from '@exprsn/atproto/identity'
 *
 * const audit = await verifyHandle('bsky.app', { did: 'did:plc:z72i7hdynmk6r22z27h6tvur' })
 * console.log(audit.verified, audit.reason, audit.resolution?.dns.outcome)
 * ```
 */
export async function verifyHandle(
  handle: string,
  options: IdentityResolverOptions & ResolveOptions & { readonly did?: string | undefined } = {},
): Promise<HandleAudit> {
  await using resolver = createIdentityResolver(options)
  return await resolver.verifyHandle(handle, options)
}
