// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.server.describeServer`. */
export interface ComAtprotoServerDescribeServerTypes {
  readonly 'com.atproto.server.describeServer': {
    readonly output: {
      readonly inviteCodeRequired?: boolean | undefined
      readonly phoneVerificationRequired?: boolean | undefined
      readonly blobUploadLimit?: number | undefined
      readonly availableUserDomains: readonly string[]
      readonly links?: LexiconTypes['com.atproto.server.describeServer#links'] | undefined
      readonly contact?: LexiconTypes['com.atproto.server.describeServer#contact'] | undefined
      readonly did: string
    }
  }
  readonly 'com.atproto.server.describeServer#links': {
    readonly $type?: 'com.atproto.server.describeServer#links' | undefined
    readonly privacyPolicy?: string | undefined
    readonly termsOfService?: string | undefined
  }
  readonly 'com.atproto.server.describeServer#contact': {
    readonly $type?: 'com.atproto.server.describeServer#contact' | undefined
    readonly email?: string | undefined
  }
}
