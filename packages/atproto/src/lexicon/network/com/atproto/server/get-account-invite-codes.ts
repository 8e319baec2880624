// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.server.getAccountInviteCodes`. */
export interface ComAtprotoServerGetAccountInviteCodesTypes {
  readonly 'com.atproto.server.getAccountInviteCodes': {
    readonly parameters: {
      readonly includeUsed?: boolean | undefined
      readonly createAvailable?: boolean | undefined
    }
    readonly output: {
      readonly codes: readonly LexiconTypes['com.atproto.server.defs#inviteCode'][]
    }
  }
}
