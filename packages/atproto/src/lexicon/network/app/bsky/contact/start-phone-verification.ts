// Written by scripts/generate-network.ts.

/** The types of `app.bsky.contact.startPhoneVerification`. */
export interface AppBskyContactStartPhoneVerificationTypes {
  readonly 'app.bsky.contact.startPhoneVerification': {
    readonly input: {
      readonly phone: string
    }
    readonly output: object
  }
}
