// Written by scripts/generate-network.ts.
import type { DataObject } from '../../../../../codec/index.ts'

/** The types of `com.atproto.server.refreshSession`. */
export interface ComAtprotoServerRefreshSessionTypes {
  readonly 'com.atproto.server.refreshSession': {
    readonly output: {
      readonly accessJwt: string
      readonly refreshJwt: string
      readonly handle: string
      readonly did: string
      readonly didDoc?: DataObject | undefined
      readonly email?: string | undefined
      readonly emailConfirmed?: boolean | undefined
      readonly emailAuthFactor?: boolean | undefined
      readonly active?: boolean | undefined
      readonly status?: 'takendown' | 'suspended' | 'deactivated' | (string & {}) | undefined
    }
  }
}
