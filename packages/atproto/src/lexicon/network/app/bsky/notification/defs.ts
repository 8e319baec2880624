// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.notification.defs`. */
export interface AppBskyNotificationDefsTypes {
  readonly 'app.bsky.notification.defs#recordDeleted': {
    readonly $type?: 'app.bsky.notification.defs#recordDeleted' | undefined
  }
  readonly 'app.bsky.notification.defs#chatPreference': {
    readonly $type?: 'app.bsky.notification.defs#chatPreference' | undefined
    readonly include: 'all' | 'accepted' | (string & {})
    readonly push: boolean
  }
  readonly 'app.bsky.notification.defs#filterablePreference': {
    readonly $type?: 'app.bsky.notification.defs#filterablePreference' | undefined
    readonly include: 'all' | 'follows' | (string & {})
    readonly list: boolean
    readonly push: boolean
  }
  readonly 'app.bsky.notification.defs#preference': {
    readonly $type?: 'app.bsky.notification.defs#preference' | undefined
    readonly list: boolean
    readonly push: boolean
  }
  readonly 'app.bsky.notification.defs#preferences': {
    readonly $type?: 'app.bsky.notification.defs#preferences' | undefined
    readonly chat: LexiconTypes['app.bsky.notification.defs#chatPreference']
    readonly follow: LexiconTypes['app.bsky.notification.defs#filterablePreference']
    readonly like: LexiconTypes['app.bsky.notification.defs#filterablePreference']
    readonly likeViaRepost: LexiconTypes['app.bsky.notification.defs#filterablePreference']
    readonly mention: LexiconTypes['app.bsky.notification.defs#filterablePreference']
    readonly quote: LexiconTypes['app.bsky.notification.defs#filterablePreference']
    readonly reply: LexiconTypes['app.bsky.notification.defs#filterablePreference']
    readonly repost: LexiconTypes['app.bsky.notification.defs#filterablePreference']
    readonly repostViaRepost: LexiconTypes['app.bsky.notification.defs#filterablePreference']
    readonly starterpackJoined: LexiconTypes['app.bsky.notification.defs#preference']
    readonly subscribedPost: LexiconTypes['app.bsky.notification.defs#preference']
    readonly unverified: LexiconTypes['app.bsky.notification.defs#preference']
    readonly verified: LexiconTypes['app.bsky.notification.defs#preference']
  }
  readonly 'app.bsky.notification.defs#activitySubscription': {
    readonly $type?: 'app.bsky.notification.defs#activitySubscription' | undefined
    readonly post: boolean
    readonly reply: boolean
  }
  readonly 'app.bsky.notification.defs#subjectActivitySubscription': {
    readonly $type?: 'app.bsky.notification.defs#subjectActivitySubscription' | undefined
    readonly subject: string
    readonly activitySubscription: LexiconTypes['app.bsky.notification.defs#activitySubscription']
  }
}
