// Written by scripts/generate-network.ts.
import type { DataObject } from '../../../../../codec/index.ts'

/** The types of `com.atproto.identity.getRecommendedDidCredentials`. */
export interface ComAtprotoIdentityGetRecommendedDidCredentialsTypes {
  readonly 'com.atproto.identity.getRecommendedDidCredentials': {
    readonly output: {
      readonly rotationKeys?: readonly string[] | undefined
      readonly alsoKnownAs?: readonly string[] | undefined
      readonly verificationMethods?: DataObject | undefined
      readonly services?: DataObject | undefined
    }
  }
}
