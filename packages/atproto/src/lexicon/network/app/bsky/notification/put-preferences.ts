// Written by scripts/generate-network.ts.

/** The types of `app.bsky.notification.putPreferences`. */
export interface AppBskyNotificationPutPreferencesTypes {
  readonly 'app.bsky.notification.putPreferences': {
    readonly input: {
      readonly priority: boolean
    }
  }
}
