import type { Clock, Random } from '@exprsn/core'
import type { IdentityResolver } from '../identity/index.ts'
import { syncErrors } from './errors.ts'
import type { ResolveSigningKey } from './key-cache.ts'

/** The keys that identity documents name. */
export interface DirectoryKeys {
  readonly resolve: ResolveSigningKey
  close(): Promise<void>
}

/** Asks the open network for identity documents; what that needs is loaded and opened with the first question. */
export function directoryKeys(options: { readonly clock: Clock; readonly random: Random }): DirectoryKeys {
  let opening: Promise<IdentityResolver> | undefined
  const open = async (): Promise<IdentityResolver> => {
    const { createIdentityResolver } = await import('../identity/index.ts')
    return createIdentityResolver(options)
  }
  return {
    async resolve(did, { refresh, signal }) {
      const identities = await (opening ??= open())
      const { signingKey } = await identities.resolveDid(did, { refresh, signal })
      if (signingKey === undefined) throw syncErrors.ATPROTO_SYNC_KEY_MISSING({ did })
      return signingKey
    },
    async close() {
      await (await opening)?.close()
    },
  }
}
