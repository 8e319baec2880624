// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.identity.refreshIdentity`. */
export interface ComAtprotoIdentityRefreshIdentityTypes {
  readonly 'com.atproto.identity.refreshIdentity': {
    readonly input: {
      readonly identifier: string
    }
    readonly output: LexiconTypes['com.atproto.identity.defs#identityInfo']
  }
}
