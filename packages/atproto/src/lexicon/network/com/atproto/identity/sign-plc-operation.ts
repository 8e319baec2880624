// Written by scripts/generate-network.ts.
import type { DataObject } from '../../../../../codec/index.ts'

/** The types of `com.atproto.identity.signPlcOperation`. */
export interface ComAtprotoIdentitySignPlcOperationTypes {
  readonly 'com.atproto.identity.signPlcOperation': {
    readonly input: {
      readonly token?: string | undefined
      readonly rotationKeys?: readonly string[] | undefined
      readonly alsoKnownAs?: readonly string[] | undefined
      readonly verificationMethods?: DataObject | undefined
      readonly services?: DataObject | undefined
    }
    readonly output: {
      readonly operation: DataObject
    }
  }
}
