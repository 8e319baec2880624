// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.server.defs`. */
export interface ComAtprotoServerDefsTypes {
  readonly 'com.atproto.server.defs#inviteCode': {
    readonly $type?: 'com.atproto.server.defs#inviteCode' | undefined
    readonly code: string
    readonly available: number
    readonly disabled: boolean
    readonly forAccount: string
    readonly createdBy: string
    readonly createdAt: string
    readonly uses: readonly LexiconTypes['com.atproto.server.defs#inviteCodeUse'][]
  }
  readonly 'com.atproto.server.defs#inviteCodeUse': {
    readonly $type?: 'com.atproto.server.defs#inviteCodeUse' | undefined
    readonly usedBy: string
    readonly usedAt: string
  }
}
