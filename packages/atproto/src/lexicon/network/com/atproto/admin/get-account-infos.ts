// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.admin.getAccountInfos`. */
export interface ComAtprotoAdminGetAccountInfosTypes {
  readonly 'com.atproto.admin.getAccountInfos': {
    readonly parameters: {
      readonly dids: readonly string[]
    }
    readonly output: {
      readonly infos: readonly LexiconTypes['com.atproto.admin.defs#accountView'][]
    }
  }
}
