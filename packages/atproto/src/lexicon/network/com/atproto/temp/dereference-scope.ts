// Written by scripts/generate-network.ts.

/** The types of `com.atproto.temp.dereferenceScope`. */
export interface ComAtprotoTempDereferenceScopeTypes {
  readonly 'com.atproto.temp.dereferenceScope': {
    readonly parameters: {
      readonly scope: string
    }
    readonly output: {
      readonly scope: string
    }
  }
}
