// Written by scripts/generate-network.ts.
import type { DataObject } from '../../../../../codec/index.ts'
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.admin.defs`. */
export interface ComAtprotoAdminDefsTypes {
  readonly 'com.atproto.admin.defs#statusAttr': {
    readonly $type?: 'com.atproto.admin.defs#statusAttr' | undefined
    readonly applied: boolean
    readonly ref?: string | undefined
  }
  readonly 'com.atproto.admin.defs#accountView': {
    readonly $type?: 'com.atproto.admin.defs#accountView' | undefined
    readonly did: string
    readonly handle: string
    readonly email?: string | undefined
    readonly relatedRecords?: readonly DataObject[] | undefined
    readonly indexedAt: string
    readonly invitedBy?: LexiconTypes['com.atproto.server.defs#inviteCode'] | undefined
    readonly invites?: readonly LexiconTypes['com.atproto.server.defs#inviteCode'][] | undefined
    readonly invitesDisabled?: boolean | undefined
    readonly emailConfirmedAt?: string | undefined
    readonly inviteNote?: string | undefined
    readonly deactivatedAt?: string | undefined
    readonly threatSignatures?: readonly LexiconTypes['com.atproto.admin.defs#threatSignature'][] | undefined
  }
  readonly 'com.atproto.admin.defs#repoRef': {
    readonly $type?: 'com.atproto.admin.defs#repoRef' | undefined
    readonly did: string
  }
  readonly 'com.atproto.admin.defs#repoBlobRef': {
    readonly $type?: 'com.atproto.admin.defs#repoBlobRef' | undefined
    readonly did: string
    readonly cid: string
    readonly recordUri?: string | undefined
  }
  readonly 'com.atproto.admin.defs#threatSignature': {
    readonly $type?: 'com.atproto.admin.defs#threatSignature' | undefined
    readonly property: string
    readonly value: string
  }
}
