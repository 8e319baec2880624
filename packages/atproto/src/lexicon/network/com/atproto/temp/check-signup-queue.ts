// Written by scripts/generate-network.ts.

/** The types of `com.atproto.temp.checkSignupQueue`. */
export interface ComAtprotoTempCheckSignupQueueTypes {
  readonly 'com.atproto.temp.checkSignupQueue': {
    readonly output: {
      readonly activated: boolean
      readonly placeInQueue?: number | undefined
      readonly estimatedTimeMs?: number | undefined
    }
  }
}
