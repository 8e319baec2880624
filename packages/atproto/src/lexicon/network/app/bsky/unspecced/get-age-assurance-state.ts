// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.unspecced.getAgeAssuranceState`. */
export interface AppBskyUnspeccedGetAgeAssuranceStateTypes {
  readonly 'app.bsky.unspecced.getAgeAssuranceState': {
    readonly output: LexiconTypes['app.bsky.unspecced.defs#ageAssuranceState']
  }
}
