// Written by scripts/generate-network.ts.

/** The types of `app.bsky.video.getUploadLimits`. */
export interface AppBskyVideoGetUploadLimitsTypes {
  readonly 'app.bsky.video.getUploadLimits': {
    readonly output: {
      readonly canUpload: boolean
      readonly remainingDailyVideos?: number | undefined
      readonly remainingDailyBytes?: number | undefined
      readonly message?: string | undefined
      readonly error?: string | undefined
    }
  }
}
