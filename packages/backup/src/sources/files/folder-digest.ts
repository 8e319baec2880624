import type { DiskPath, DiskStat, EntryKind } from '@exprsn/core/disk'
import { createHash, hash } from 'node:crypto'
import type { ContentId } from '../../repository/index.ts'
import { Scratch } from '../../repository/object/scratch.ts'
import type { OwnerNames } from './owner-names.ts'

/** What of an entry decides its node in the tree, content and attributes aside: those change with `changedAt`. */
export interface DigestedEntry {
  readonly name: DiskPath
  readonly stat: DiskStat
  readonly subtree: ContentId | undefined
}

/** Entries whose text is made at once: that of some millions is longer than a text may be. */
const entriesPerPart = 10_000

/** Words of 64 bits of an entry. */
const entryWords = 12

/** What a digest is taken of is needed until it is taken: all folders of a walk use the same memory. */
const scratch = new Scratch()

const kinds: readonly EntryKind[] = [
  ...(['file', 'folder', 'symlink', 'fifo', 'socket'] as const),
  ...(['block-device', 'character-device', 'unknown'] as const),
]

/** SHA-256 over all that decides a folder's tree; equal digests mean the same tree. */
export function folderDigest(entries: readonly DigestedEntry[], owners: OwnerNames): string {
  if (entries.length <= entriesPerPart) return hash('sha256', bytesOf(entries, owners))
  const digest = createHash('sha256')
  for (let start = 0; start < entries.length; start += entriesPerPart)
    digest.update(bytesOf(entries.slice(start, start + entriesPerPart), owners))
  return digest.digest('hex')
}

/**
 * The number of entries and the numbers of each, then names, which end with a zero byte, as none holds one. Every run of the same
 * owner begins with its name. Numbers as they lie in memory: to write them as text would take longer than all else.
 */
function bytesOf(entries: readonly DigestedEntry[], owners: OwnerNames): Uint8Array {
  const text = textOf(entries, owners)
  const length = 8 * (1 + entryWords * entries.length)
  const { buffer } = scratch.take(length + 3 * text.length)
  const numbers = new Float64Array(buffer, 0, length / 8)
  const words = new BigInt64Array(buffer, 0, length / 8)
  let at = 0
  numbers[at++] = entries.length
  for (const { stat } of entries) {
    numbers[at++] = kinds.indexOf(stat.kind)
    numbers[at++] = stat.mode
    numbers[at++] = stat.userId
    numbers[at++] = stat.groupId
    numbers[at++] = stat.size
    numbers[at++] = stat.links
    words[at++] = stat.device
    words[at++] = stat.inode
    at = putTime(stat.modifiedAt, at)
    at = putTime(stat.changedAt, at)
  }
  const written = Buffer.from(buffer).write(text, length)
  return new Uint8Array(buffer, 0, length + written)

  /** The lower 64 bits, and which of the times that have them: some file systems go beyond 2262. */
  function putTime(time: bigint, place: number): number {
    words[place] = time
    numbers[place + 1] = Number(time)
    return place + 2
  }
}

function textOf(entries: readonly DigestedEntry[], owners: OwnerNames): string {
  let text = ''
  let user: number | undefined
  let group: number | undefined
  for (const { name, stat, subtree = '' } of entries) {
    if (stat.userId !== user || stat.groupId !== group) {
      user = stat.userId
      group = stat.groupId
      text += `${owners.user(user) ?? ''}\0${owners.group(group) ?? ''}\0`
    }
    text += typeof name === 'string' ? name : `\0${Buffer.from(name).toString('hex')}`
    text += `\0${subtree},${stat.specialDevice ?? ''}\0`
  }
  return text
}
