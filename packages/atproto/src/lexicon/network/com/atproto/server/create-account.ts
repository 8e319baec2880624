// Written by scripts/generate-network.ts.
import type { DataObject } from '../../../../../codec/index.ts'

/** The types of `com.atproto.server.createAccount`. */
export interface ComAtprotoServerCreateAccountTypes {
  readonly 'com.atproto.server.createAccount': {
    readonly input: {
      readonly email?: string | undefined
      readonly handle: string
      readonly did?: string | undefined
      readonly inviteCode?: string | undefined
      readonly verificationCode?: string | undefined
      readonly verificationPhone?: string | undefined
      readonly password?: string | undefined
      readonly recoveryKey?: string | undefined
      readonly plcOp?: DataObject | undefined
    }
    readonly output: {
      readonly accessJwt: string
      readonly refreshJwt: string
      readonly handle: string
      readonly did: string
      readonly didDoc?: DataObject | undefined
    }
  }
}
