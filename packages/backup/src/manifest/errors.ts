import { defineErrors } from '@exprsn/core'

/** What goes wrong with backup manifests. */
export const manifestErrors = defineErrors({
  BACKUP_MANIFEST_INVALID: {
    message: 'The backup manifest is not valid: {reason}.',
    help: 'Take another backup: without its manifest this one cannot be checked or restored.',
  },
  BACKUP_MANIFEST_CHECKSUM: {
    message: 'The backup manifest was changed after it was written: its own checksum does not match.',
    help: 'Take another backup, or fetch the manifest again from where it was copied.',
  },
  BACKUP_MANIFEST_MISSING: {
    message: 'There is no backup manifest in {folder}.',
    help: 'Pass the folder that receiveBaseBackup wrote; a backup that broke off stays under a name ending in .partial.',
    status: 404,
  },
})
