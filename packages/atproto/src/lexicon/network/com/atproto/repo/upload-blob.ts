// Written by scripts/generate-network.ts.
import type { BlobRef } from '../../../../data-kinds.ts'

/** The types of `com.atproto.repo.uploadBlob`. */
export interface ComAtprotoRepoUploadBlobTypes {
  readonly 'com.atproto.repo.uploadBlob': {
    readonly input: Uint8Array
    readonly output: {
      readonly blob: BlobRef
    }
  }
}
