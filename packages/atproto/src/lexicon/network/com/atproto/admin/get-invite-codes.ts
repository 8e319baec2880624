// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.admin.getInviteCodes`. */
export interface ComAtprotoAdminGetInviteCodesTypes {
  readonly 'com.atproto.admin.getInviteCodes': {
    readonly parameters: {
      readonly sort?: 'recent' | 'usage' | (string & {}) | undefined
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly codes: readonly LexiconTypes['com.atproto.server.defs#inviteCode'][]
    }
  }
}
