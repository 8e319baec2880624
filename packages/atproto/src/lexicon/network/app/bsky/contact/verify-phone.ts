// Written by scripts/generate-network.ts.

/** The types of `app.bsky.contact.verifyPhone`. */
export interface AppBskyContactVerifyPhoneTypes {
  readonly 'app.bsky.contact.verifyPhone': {
    readonly input: {
      readonly phone: string
      readonly code: string
    }
    readonly output: {
      readonly token: string
    }
  }
}
