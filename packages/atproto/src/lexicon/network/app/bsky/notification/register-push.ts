// Written by scripts/generate-network.ts.

/** The types of `app.bsky.notification.registerPush`. */
export interface AppBskyNotificationRegisterPushTypes {
  readonly 'app.bsky.notification.registerPush': {
    readonly input: {
      readonly serviceDid: string
      readonly token: string
      readonly platform: 'ios' | 'android' | 'web' | (string & {})
      readonly appId: string
      readonly ageRestricted?: boolean | undefined
    }
  }
}
