// Written by scripts/generate-network.ts.

/** The types of `app.bsky.notification.unregisterPush`. */
export interface AppBskyNotificationUnregisterPushTypes {
  readonly 'app.bsky.notification.unregisterPush': {
    readonly input: {
      readonly serviceDid: string
      readonly token: string
      readonly platform: 'ios' | 'android' | 'web' | (string & {})
      readonly appId: string
    }
  }
}
