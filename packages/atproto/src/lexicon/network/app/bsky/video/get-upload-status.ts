// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.video.getUploadStatus`. */
export interface AppBskyVideoGetUploadStatusTypes {
  readonly 'app.bsky.video.getUploadStatus': {
    readonly parameters: {
      readonly jobId: string
    }
    readonly output: {
      readonly jobId: string
      readonly partSizeBytes: number
      readonly partCount: number
      readonly receivedParts: readonly number[]
      readonly expiresAt: string
      readonly state: 'created' | 'finishing' | 'completed' | 'failed' | 'aborted' | 'expired' | (string & {})
      readonly completedJobId?: string | undefined
      readonly jobStatus?: LexiconTypes['app.bsky.video.defs#jobStatus'] | undefined
      readonly failureReason?: string | undefined
    }
  }
}
