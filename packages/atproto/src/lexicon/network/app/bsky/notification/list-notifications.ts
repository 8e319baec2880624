// Written by scripts/generate-network.ts.
import type { DataObject } from '../../../../../codec/index.ts'
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.notification.listNotifications`. */
export interface AppBskyNotificationListNotificationsTypes {
  readonly 'app.bsky.notification.listNotifications': {
    readonly parameters: {
      readonly reasons?: readonly string[] | undefined
      readonly limit?: number | undefined
      readonly priority?: boolean | undefined
      readonly cursor?: string | undefined
      readonly seenAt?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly notifications: readonly LexiconTypes['app.bsky.notification.listNotifications#notification'][]
      readonly priority?: boolean | undefined
      readonly seenAt?: string | undefined
    }
  }
  readonly 'app.bsky.notification.listNotifications#notification': {
    readonly $type?: 'app.bsky.notification.listNotifications#notification' | undefined
    readonly uri: string
    readonly cid: string
    readonly author: LexiconTypes['app.bsky.actor.defs#profileView']
    readonly reason:
      | 'like'
      | 'repost'
      | 'follow'
      | 'mention'
      | 'reply'
      | 'quote'
      | 'starterpack-joined'
      | 'verified'
      | 'unverified'
      | 'like-via-repost'
      | 'repost-via-repost'
      | 'subscribed-post'
      | 'contact-match'
      | (string & {})
    readonly reasonSubject?: string | undefined
    readonly record: DataObject
    readonly starterPack?: LexiconTypes['app.bsky.graph.defs#starterPackViewBasic'] | undefined
    readonly isRead: boolean
    readonly indexedAt: string
    readonly labels?: readonly LexiconTypes['com.atproto.label.defs#label'][] | undefined
  }
}
