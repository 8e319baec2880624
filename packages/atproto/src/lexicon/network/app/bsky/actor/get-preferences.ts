// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.actor.getPreferences`. */
export interface AppBskyActorGetPreferencesTypes {
  readonly 'app.bsky.actor.getPreferences': {
    readonly parameters: object
    readonly output: {
      readonly preferences: LexiconTypes['app.bsky.actor.defs#preferences']
    }
  }
}
