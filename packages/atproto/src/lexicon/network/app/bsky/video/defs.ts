// Written by scripts/generate-network.ts.
import type { BlobRef } from '../../../../data-kinds.ts'

/** The types of `app.bsky.video.defs`. */
export interface AppBskyVideoDefsTypes {
  readonly 'app.bsky.video.defs#jobStatus': {
    readonly $type?: 'app.bsky.video.defs#jobStatus' | undefined
    readonly jobId: string
    readonly did: string
    readonly state:
      | 'JOB_STATE_CREATED'
      | 'JOB_STATE_ENCODING'
      | 'JOB_STATE_ENCODED'
      | 'JOB_STATE_SCANNING'
      | 'JOB_STATE_SCANNED'
      | 'JOB_STATE_UPLOADING'
      | 'JOB_STATE_UPLOADED'
      | 'JOB_STATE_COMPLETED'
      | 'JOB_STATE_FAILED'
      | (string & {})
    readonly progress?: number | undefined
    readonly blob?: BlobRef | undefined
    readonly error?: string | undefined
    readonly failureCode?:
      | 'validation_failure'
      | 'encoding_failure'
      | 'pds_upload_failure'
      | 'pds_upload_unsupported_blob_size'
      | 'generic_failure'
      | (string & {})
      | undefined
    readonly message?: string | undefined
  }
}
