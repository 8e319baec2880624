// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.video.finishUpload`. */
export interface AppBskyVideoFinishUploadTypes {
  readonly 'app.bsky.video.finishUpload': {
    readonly input: {
      readonly jobId: string
    }
    readonly output: {
      readonly completedJobId: string
      readonly jobStatus: LexiconTypes['app.bsky.video.defs#jobStatus']
    }
  }
}
