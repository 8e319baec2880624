// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `app.bsky.video.uploadVideo`. */
export interface AppBskyVideoUploadVideoTypes {
  readonly 'app.bsky.video.uploadVideo': {
    readonly input: Uint8Array
    readonly output: {
      readonly jobStatus: LexiconTypes['app.bsky.video.defs#jobStatus']
    }
  }
}
