// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.admin.searchAccounts`. */
export interface ComAtprotoAdminSearchAccountsTypes {
  readonly 'com.atproto.admin.searchAccounts': {
    readonly parameters: {
      readonly email?: string | undefined
      readonly cursor?: string | undefined
      readonly limit?: number | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly accounts: readonly LexiconTypes['com.atproto.admin.defs#accountView'][]
    }
  }
}
