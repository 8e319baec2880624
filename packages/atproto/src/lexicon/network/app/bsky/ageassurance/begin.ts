// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.ageassurance.begin`. */
export interface AppBskyAgeassuranceBeginTypes {
  readonly 'app.bsky.ageassurance.begin': {
    readonly input: {
      readonly email: string
      readonly language: string
      readonly countryCode: string
      readonly regionCode?: string | undefined
    }
    readonly output: LexiconTypes['app.bsky.ageassurance.defs#state']
  }
}
