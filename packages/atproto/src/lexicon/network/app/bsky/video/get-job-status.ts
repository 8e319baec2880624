// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.video.getJobStatus`. */
export interface AppBskyVideoGetJobStatusTypes {
  readonly 'app.bsky.video.getJobStatus': {
    readonly parameters: {
      readonly jobId: string
    }
    readonly output: {
      readonly jobStatus: LexiconTypes['app.bsky.video.defs#jobStatus']
    }
  }
}
