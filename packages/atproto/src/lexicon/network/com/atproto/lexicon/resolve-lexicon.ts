// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.lexicon.resolveLexicon`. */
export interface ComAtprotoLexiconResolveLexiconTypes {
  readonly 'com.atproto.lexicon.resolveLexicon': {
    readonly parameters: {
      readonly nsid: string
    }
    readonly output: {
      readonly cid: string
      readonly schema: LexiconTypes['com.atproto.lexicon.schema']
      readonly uri: string
    }
  }
}
