// Written by scripts/generate-network.ts.

/** The types of `app.bsky.notification.declaration`. */
export interface AppBskyNotificationDeclarationTypes {
  readonly 'app.bsky.notification.declaration': {
    readonly $type: 'app.bsky.notification.declaration'
    readonly allowSubscriptions: 'followers' | 'mutuals' | 'none' | (string & {})
  }
}
