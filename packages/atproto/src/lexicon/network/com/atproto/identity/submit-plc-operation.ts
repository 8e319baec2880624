// Written by scripts/generate-network.ts.
import type { DataObject } from '../../../../../codec/index.ts'

/** The types of `com.atproto.identity.submitPlcOperation`. */
export interface ComAtprotoIdentitySubmitPlcOperationTypes {
  readonly 'com.atproto.identity.submitPlcOperation': {
    readonly input: {
      readonly operation: DataObject
    }
  }
}
