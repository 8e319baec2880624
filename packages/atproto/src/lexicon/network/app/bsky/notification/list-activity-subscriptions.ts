// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.notification.listActivitySubscriptions`. */
export interface AppBskyNotificationListActivitySubscriptionsTypes {
  readonly 'app.bsky.notification.listActivitySubscriptions': {
    readonly parameters: {
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly subscriptions: readonly LexiconTypes['app.bsky.actor.defs#profileView'][]
    }
  }
}
