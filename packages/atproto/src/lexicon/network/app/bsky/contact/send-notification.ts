// Written by scripts/generate-network.ts.

/** The types of `app.bsky.contact.sendNotification`. */
export interface AppBskyContactSendNotificationTypes {
  readonly 'app.bsky.contact.sendNotification': {
    readonly input: {
      readonly from: string
      readonly to: string
    }
    readonly output: object
  }
}
