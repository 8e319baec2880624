// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.identity.resolveIdentity`. */
export interface ComAtprotoIdentityResolveIdentityTypes {
  readonly 'com.atproto.identity.resolveIdentity': {
    readonly parameters: {
      readonly identifier: string
    }
    readonly output: LexiconTypes['com.atproto.identity.defs#identityInfo']
  }
}
