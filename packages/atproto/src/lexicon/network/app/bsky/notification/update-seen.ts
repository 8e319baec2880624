// Written by scripts/generate-network.ts.

/** The types of `app.bsky.notification.updateSeen`. */
export interface AppBskyNotificationUpdateSeenTypes {
  readonly 'app.bsky.notification.updateSeen': {
    readonly input: {
      readonly seenAt: string
    }
  }
}
