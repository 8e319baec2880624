// Written by scripts/generate-network.ts.
import type { DataObject } from '../../../../../codec/index.ts'

/** The types of `com.atproto.identity.resolveDid`. */
export interface ComAtprotoIdentityResolveDidTypes {
  readonly 'com.atproto.identity.resolveDid': {
    readonly parameters: {
      readonly did: string
    }
    readonly output: {
      readonly didDoc: DataObject
    }
  }
}
