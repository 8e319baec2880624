// Written by scripts/generate-network.ts.

/** The types of `app.bsky.notification.getUnreadCount`. */
export interface AppBskyNotificationGetUnreadCountTypes {
  readonly 'app.bsky.notification.getUnreadCount': {
    readonly parameters: {
      readonly priority?: boolean | undefined
      readonly seenAt?: string | undefined
    }
    readonly output: {
      readonly count: number
    }
  }
}
