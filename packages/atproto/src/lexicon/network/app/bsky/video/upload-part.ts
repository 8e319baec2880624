// Written by scripts/generate-network.ts.

/** The types of `app.bsky.video.uploadPart`. */
export interface AppBskyVideoUploadPartTypes {
  readonly 'app.bsky.video.uploadPart': {
    readonly parameters: {
      readonly jobId: string
      readonly partNumber: number
    }
    readonly input: Uint8Array
    readonly output: {
      readonly partNumber: number
      readonly sizeBytes: number
    }
  }
}
