// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.admin.getAccountInfo`. */
export interface ComAtprotoAdminGetAccountInfoTypes {
  readonly 'com.atproto.admin.getAccountInfo': {
    readonly parameters: {
      readonly did: string
    }
    readonly output: LexiconTypes['com.atproto.admin.defs#accountView']
  }
}
