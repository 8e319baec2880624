// Written by scripts/generate-network.ts.

/** The types of `app.bsky.video.startUpload`. */
export interface AppBskyVideoStartUploadTypes {
  readonly 'app.bsky.video.startUpload': {
    readonly input: {
      readonly sizeBytes: number
      readonly mimeType: string
      readonly name?: string | undefined
      readonly durationMs?: number | undefined
      readonly width?: number | undefined
      readonly height?: number | undefined
    }
    readonly output: {
      readonly jobId: string
      readonly partSizeBytes: number
      readonly partCount: number
      readonly expiresAt: string
    }
  }
}
