// Written by scripts/generate-network.ts.

/** The types of `com.atproto.temp.addReservedHandle`. */
export interface ComAtprotoTempAddReservedHandleTypes {
  readonly 'com.atproto.temp.addReservedHandle': {
    readonly input: {
      readonly handle: string
    }
    readonly output: object
  }
}
