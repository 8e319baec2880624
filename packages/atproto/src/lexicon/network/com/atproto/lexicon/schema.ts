// Written by scripts/generate-network.ts.

/** The types of `com.atproto.lexicon.schema`. */
export interface ComAtprotoLexiconSchemaTypes {
  readonly 'com.atproto.lexicon.schema': {
    readonly $type: 'com.atproto.lexicon.schema'
    readonly lexicon: number
  }
}
