import type { DiskPath, DiskStat } from '@exprsn/core/disk'
import { hash } from 'node:crypto'
import type { ContentId } from '../../repository/index.ts'

/** What of an entry decides its node in the tree, content and attributes aside: those change with `changedAt`. */
export interface DigestedEntry {
  readonly name: DiskPath
  readonly stat: DiskStat
  readonly subtree: ContentId | undefined
}

/** SHA-256 over all that decides a folder's tree; equal digests mean the same tree. */
export function folderDigest(entries: readonly DigestedEntry[]): string {
  let text = ''
  for (const { name, stat, subtree = '' } of entries) {
    const shown = typeof name === 'string' ? name : `\0${Buffer.from(name).toString('hex')}`
    text += `${shown}\0${stat.kind[0]}${stat.mode},${stat.userId},${stat.groupId},${stat.size},${stat.links},${stat.device},${stat.inode},${stat.modifiedAt},${stat.changedAt},${stat.specialDevice ?? ''},${subtree}\0`
  }
  return hash('sha256', text)
}
