// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.unspecced.initAgeAssurance`. */
export interface AppBskyUnspeccedInitAgeAssuranceTypes {
  readonly 'app.bsky.unspecced.initAgeAssurance': {
    readonly input: {
      readonly email: string
      readonly language: string
      readonly countryCode: string
    }
    readonly output: LexiconTypes['app.bsky.unspecced.defs#ageAssuranceState']
  }
}
