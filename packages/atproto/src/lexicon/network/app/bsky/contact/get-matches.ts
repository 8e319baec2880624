// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.contact.getMatches`. */
export interface AppBskyContactGetMatchesTypes {
  readonly 'app.bsky.contact.getMatches': {
    readonly parameters: {
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly matches: readonly LexiconTypes['app.bsky.actor.defs#profileView'][]
    }
  }
}
