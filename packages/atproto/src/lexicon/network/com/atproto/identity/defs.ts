// Written by scripts/generate-network.ts.
import type { DataObject } from '../../../../../codec/index.ts'

/** The types of `com.atproto.identity.defs`. */
export interface ComAtprotoIdentityDefsTypes {
  readonly 'com.atproto.identity.defs#identityInfo': {
    readonly $type?: 'com.atproto.identity.defs#identityInfo' | undefined
    readonly did: string
    readonly handle: string
    readonly didDoc: DataObject
  }
}
