// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.notification.getPreferences`. */
export interface AppBskyNotificationGetPreferencesTypes {
  readonly 'app.bsky.notification.getPreferences': {
    readonly parameters: object
    readonly output: {
      readonly preferences: LexiconTypes['app.bsky.notification.defs#preferences']
    }
  }
}
