// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.sync.getHostStatus`. */
export interface ComAtprotoSyncGetHostStatusTypes {
  readonly 'com.atproto.sync.getHostStatus': {
    readonly parameters: {
      readonly hostname: string
    }
    readonly output: {
      readonly hostname: string
      readonly seq?: number | undefined
      readonly accountCount?: number | undefined
      readonly status?: LexiconTypes['com.atproto.sync.defs#hostStatus'] | undefined
    }
  }
}
