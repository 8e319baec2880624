// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.server.createInviteCodes`. */
export interface ComAtprotoServerCreateInviteCodesTypes {
  readonly 'com.atproto.server.createInviteCodes': {
    readonly input: {
      readonly codeCount: number
      readonly useCount: number
      readonly forAccounts?: readonly string[] | undefined
    }
    readonly output: {
      readonly codes: readonly LexiconTypes['com.atproto.server.createInviteCodes#accountCodes'][]
    }
  }
  readonly 'com.atproto.server.createInviteCodes#accountCodes': {
    readonly $type?: 'com.atproto.server.createInviteCodes#accountCodes' | undefined
    readonly account: string
    readonly codes: readonly string[]
  }
}
