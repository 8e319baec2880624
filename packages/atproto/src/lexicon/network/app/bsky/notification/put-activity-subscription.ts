// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.notification.putActivitySubscription`. */
export interface AppBskyNotificationPutActivitySubscriptionTypes {
  readonly 'app.bsky.notification.putActivitySubscription': {
    readonly input: {
      readonly subject: string
      readonly activitySubscription: LexiconTypes['app.bsky.notification.defs#activitySubscription']
    }
    readonly output: {
      readonly subject: string
      readonly activitySubscription?: LexiconTypes['app.bsky.notification.defs#activitySubscription'] | undefined
    }
  }
}
