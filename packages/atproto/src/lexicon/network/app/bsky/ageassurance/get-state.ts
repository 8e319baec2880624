// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.ageassurance.getState`. */
export interface AppBskyAgeassuranceGetStateTypes {
  readonly 'app.bsky.ageassurance.getState': {
    readonly parameters: {
      readonly countryCode: string
      readonly regionCode?: string | undefined
    }
    readonly output: {
      readonly state: LexiconTypes['app.bsky.ageassurance.defs#state']
      readonly metadata: LexiconTypes['app.bsky.ageassurance.defs#stateMetadata']
    }
  }
}
