import { glanceOf, type DiskGlance, type DiskPath, type DiskStat, type EntryKind } from '@exprsn/core/disk'
import { createHash, hash, type Hash } from 'node:crypto'
import type { ContentId } from '../../repository/index.ts'
import type { OwnerNames } from './owner-names.ts'

/** What of an entry decides its node in the tree, content and attributes aside: those change with `changedAt`. */
export interface DigestedEntry {
  readonly name: DiskPath
  readonly stat: DiskStat
  readonly subtree: ContentId | undefined
}

/** Entries whose text is made at once: that of some millions is longer than a text may be. */
const entriesPerPart = 10_000

/** Numbers of an entry. */
const entryNumbers = 10

const kinds: readonly EntryKind[] = [
  ...(['file', 'folder', 'symlink', 'fifo', 'socket'] as const),
  ...(['block-device', 'character-device', 'unknown'] as const),
]

/** SHA-256 over all that decides a folder's tree; equal digests mean the same tree. */
export function folderDigest(entries: readonly DigestedEntry[], owners: OwnerNames): string {
  const digest = new FolderDigest(owners)
  for (const { name, stat, subtree } of entries) digest.add(name, glanceOf(stat), subtree, identityOf(stat))
  return digest.finish()
}

/**
 * The digest of a folder, entry by entry, from glances: a time of today that is another by less than a quarter of a microsecond
 * counts for the same. Nobody can make one: what is remembered changed seconds before it was looked at, and what changes it
 * afterwards sets `changedAt` to a later instant.
 */
export class FolderDigest {
  readonly #owners: OwnerNames
  /** The number of entries and the numbers of each; behind them is room for names. */
  #numbers = new Float64Array(1 + 16 * entryNumbers)
  #text = ''
  #entries = 0
  #user: number | undefined
  #group: number | undefined
  #parts: Hash | undefined

  constructor(owners: OwnerNames) {
    this.#owners = owners
  }

  /**
   * Numbers as they lie in memory – to write them as text would take longer than all else – and names, which end with a zero byte,
   * as none holds one. Every run of the same owner begins with its name.
   *
   * @param identity Tells device and inode where numbers cannot.
   */
  add(name: DiskPath, glance: DiskGlance, subtree: ContentId | undefined, identity = ''): void {
    if (this.#entries === entriesPerPart) this.#endPart()
    const { userId, groupId } = glance
    let at = 1 + this.#entries++ * entryNumbers
    if (at + entryNumbers > this.#numbers.length) this.#grow(2 * this.#numbers.length)
    const numbers = this.#numbers
    numbers[at++] = kinds.indexOf(glance.kind)
    numbers[at++] = glance.mode
    numbers[at++] = userId
    numbers[at++] = groupId
    numbers[at++] = glance.size
    numbers[at++] = glance.links
    numbers[at++] = glance.device
    numbers[at++] = glance.inode
    numbers[at++] = glance.modifiedAt
    numbers[at++] = glance.changedAt
    if (userId !== this.#user || groupId !== this.#group) {
      this.#user = userId
      this.#group = groupId
      this.#text += `${this.#owners.user(userId) ?? ''}\0${this.#owners.group(groupId) ?? ''}\0`
    }
    this.#text += typeof name === 'string' ? name : `\0${Buffer.from(name).toString('hex')}`
    this.#text += `\0${subtree ?? ''},${glance.specialDevice ?? ''}${identity}\0`
  }

  /** The digest in hexadecimal. The next entry begins another folder. */
  finish(): string {
    const digest = this.#parts?.update(this.#bytes()).digest('hex') ?? hash('sha256', this.#bytes())
    this.clear()
    return digest
  }

  /** Begins another folder; no digest of this one is wanted. */
  clear(): void {
    this.#parts = undefined
    this.#beginPart()
  }

  #endPart(): void {
    this.#parts ??= createHash('sha256')
    this.#parts.update(this.#bytes())
    this.#beginPart()
  }

  #beginPart(): void {
    this.#text = ''
    this.#entries = 0
    this.#user = undefined
    this.#group = undefined
  }

  #bytes(): Uint8Array {
    const length = 1 + this.#entries * entryNumbers
    const end = length + Math.ceil((3 * this.#text.length) / 8)
    if (end > this.#numbers.length) this.#grow(end)
    this.#numbers[0] = this.#entries
    const bytes = Buffer.from(this.#numbers.buffer)
    return bytes.subarray(0, 8 * length + bytes.write(this.#text, 8 * length))
  }

  #grow(length: number): void {
    const larger = new Float64Array(length)
    larger.set(this.#numbers)
    this.#numbers = larger
  }
}

/** What numbers cannot tell exactly: a glance at such an entry recognises nothing. */
function identityOf(stat: DiskStat): string {
  const largest = BigInt(Number.MAX_SAFE_INTEGER)
  return stat.device <= largest && stat.inode <= largest ? '' : `,${stat.device}:${stat.inode}`
}
