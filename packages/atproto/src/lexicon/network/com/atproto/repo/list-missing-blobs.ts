// Written by scripts/generate-network.ts.
import type { LexiconTypes } from '../../../lexicon-types.ts'

/** The types of `com.atproto.repo.listMissingBlobs`. */
export interface ComAtprotoRepoListMissingBlobsTypes {
  readonly 'com.atproto.repo.listMissingBlobs': {
    readonly parameters: {
      readonly limit?: number | undefined
      readonly cursor?: string | undefined
    }
    readonly output: {
      readonly cursor?: string | undefined
      readonly blobs: readonly LexiconTypes['com.atproto.repo.listMissingBlobs#recordBlob'][]
    }
  }
  readonly 'com.atproto.repo.listMissingBlobs#recordBlob': {
    readonly $type?: 'com.atproto.repo.listMissingBlobs#recordBlob' | undefined
    readonly cid: string
    readonly recordUri: string
  }
}
