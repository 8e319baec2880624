import type { Disk } from '@exprsn/core/disk'
import type { BlobReader, RestoreContext, RestoreResult } from '../../repository/index.ts'
import { restoreFiles } from '../restore/restore-files.ts'
import { withVersions, type VersionChoice } from './chosen-versions.ts'

/** A folder that objects are restored into as files. */
export interface FolderTarget {
  readonly into: unknown
  readonly versions: VersionChoice
}

/** Brings objects back as files. */
export async function restoreAsFiles(
  context: RestoreContext,
  { into, versions }: FolderTarget,
  disk: Disk,
): Promise<RestoreResult> {
  const reader = plainReader(withVersions(context.reader, versions))
  return restoreFiles({ ...context, into, reader, disk, posix: undefined })
}

/** Objects have no owner: as files they belong to whoever restores them. */
function plainReader(reader: BlobReader): BlobReader {
  const owner = { userId: process.getuid?.() ?? 0, groupId: process.getgid?.() ?? 0 }
  return {
    ...reader,
    async readTree(id, options) {
      const nodes = await reader.readTree(id, options)
      return nodes.map((node) => ({ ...node, ...owner, extendedAttributes: undefined }))
    },
  }
}
