import type { DiskPath, DiskStat } from '@exprsn/core/disk'
import { createHash, hash } from 'node:crypto'
import type { ContentId } from '../../repository/index.ts'

/** What of an entry decides its node in the tree, content and attributes aside: those change with `changedAt`. */
export interface DigestedEntry {
  readonly name: DiskPath
  readonly stat: DiskStat
  readonly subtree: ContentId | undefined
}

/** Entries whose text is made at once: that of some millions is longer than a text may be. */
const entriesPerPart = 10_000

/** SHA-256 over all that decides a folder's tree; equal digests mean the same tree. */
export function folderDigest(entries: readonly DigestedEntry[]): string {
  if (entries.length <= entriesPerPart) return hash('sha256', textOf(entries))
  const digest = createHash('sha256')
  for (let start = 0; start < entries.length; start += entriesPerPart)
    digest.update(textOf(entries.slice(start, start + entriesPerPart)))
  return digest.digest('hex')
}

function textOf(entries: readonly DigestedEntry[]): string {
  let text = ''
  for (const { name, stat, subtree = '' } of entries) {
    const shown = typeof name === 'string' ? name : `\0${Buffer.from(name).toString('hex')}`
    text += `${shown}\0${stat.kind[0]}${stat.mode},${stat.userId},${stat.groupId},${stat.size},${stat.links},${stat.device},${stat.inode},${stat.modifiedAt},${stat.changedAt},${stat.specialDevice ?? ''},${subtree}\0`
  }
  return text
}
