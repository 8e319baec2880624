// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.actor.putPreferences`. */
export interface AppBskyActorPutPreferencesTypes {
  readonly 'app.bsky.actor.putPreferences': {
    readonly input: {
      readonly preferences: LexiconTypes['app.bsky.actor.defs#preferences']
    }
  }
}
