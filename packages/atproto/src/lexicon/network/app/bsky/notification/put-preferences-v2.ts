// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.notification.putPreferencesV2`. */
export interface AppBskyNotificationPutPreferencesV2Types {
  readonly 'app.bsky.notification.putPreferencesV2': {
    readonly input: {
      readonly chat?: LexiconTypes['app.bsky.notification.defs#chatPreference'] | undefined
      readonly follow?: LexiconTypes['app.bsky.notification.defs#filterablePreference'] | undefined
      readonly like?: LexiconTypes['app.bsky.notification.defs#filterablePreference'] | undefined
      readonly likeViaRepost?: LexiconTypes['app.bsky.notification.defs#filterablePreference'] | undefined
      readonly mention?: LexiconTypes['app.bsky.notification.defs#filterablePreference'] | undefined
      readonly quote?: LexiconTypes['app.bsky.notification.defs#filterablePreference'] | undefined
      readonly reply?: LexiconTypes['app.bsky.notification.defs#filterablePreference'] | undefined
      readonly repost?: LexiconTypes['app.bsky.notification.defs#filterablePreference'] | undefined
      readonly repostViaRepost?: LexiconTypes['app.bsky.notification.defs#filterablePreference'] | undefined
      readonly starterpackJoined?: LexiconTypes['app.bsky.notification.defs#preference'] | undefined
      readonly subscribedPost?: LexiconTypes['app.bsky.notification.defs#preference'] | undefined
      readonly unverified?: LexiconTypes['app.bsky.notification.defs#preference'] | undefined
      readonly verified?: LexiconTypes['app.bsky.notification.defs#preference'] | undefined
    }
    readonly output: {
      readonly preferences: LexiconTypes['app.bsky.notification.defs#preferences']
    }
  }
}
