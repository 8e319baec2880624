// Written by scripts/generate-network.ts.

/** The types of `app.bsky.video.abortUpload`. */
export interface AppBskyVideoAbortUploadTypes {
  readonly 'app.bsky.video.abortUpload': {
    readonly input: {
      readonly jobId: string
    }
    readonly output: {
      readonly state: 'aborted' | 'completed' | 'failed' | 'expired' | (string & {})
      readonly completedJobId?: string | undefined
      readonly failureReason?: string | undefined
    }
  }
}
