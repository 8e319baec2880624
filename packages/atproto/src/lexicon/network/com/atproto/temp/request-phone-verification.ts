// Written by scripts/generate-network.ts.

/** The types of `com.atproto.temp.requestPhoneVerification`. */
export interface ComAtprotoTempRequestPhoneVerificationTypes {
  readonly 'com.atproto.temp.requestPhoneVerification': {
    readonly input: {
      readonly phoneNumber: string
    }
  }
}
