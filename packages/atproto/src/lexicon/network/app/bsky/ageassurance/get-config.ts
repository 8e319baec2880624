// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.ageassurance.getConfig`. */
export interface AppBskyAgeassuranceGetConfigTypes {
  readonly 'app.bsky.ageassurance.getConfig': {
    readonly output: LexiconTypes['app.bsky.ageassurance.defs#config']
  }
}
