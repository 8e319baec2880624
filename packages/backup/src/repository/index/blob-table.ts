import type { BlobType, ContentId, PackedBlob } from '../blob.ts'
import type { LocatedBlob } from '../reader/blob-reader.ts'

/** Bytes of one row's id. The whole hash is compared: fewer bits would one day take one blob for another. */
const idSize = 32
/** Ids are hashes themselves: their first word is as good as a hash of it as any. */
const idWords = idSize / 4
/** The id that is looked for. */
const wantedId = Buffer.alloc(idSize)
const wantedWords = wordsOf(wantedId)
/** Share of used slots at which the hash table doubles. */
const fullest = 0.6

/**
 * Every blob of a repository in typed arrays: about 70 bytes a blob, where a map of strings takes 300. A blob may lie in
 * several packs; the first one is found, and all are enumerated.
 */
export class BlobTable {
  readonly packs: ContentId[] = []
  readonly #packNumbers = new Map<ContentId, number>()
  #ids = Buffer.alloc(idSize * 1_024)
  /** The same memory: to compare words takes a tenth of a call that compares bytes. */
  #idWords = wordsOf(this.#ids)
  /** Per row: pack number, offset, length, uncompressed length (0: not compressed), type (0 data, 1 tree). */
  #rows = new Uint32Array(5 * 1_024)
  /** Row number plus 1, or 0 for a free slot. Open addressing with linear probing. */
  #slots = new Int32Array(4_096)
  #count = 0

  /** Rows: a blob that lies in two packs counts twice. */
  get size(): number {
    return this.#count
  }

  /** Adds a pack; one that is known already is not added again. Returns whether it was new. */
  addPack(pack: ContentId, blobs: Iterable<PackedBlob>): boolean {
    if (this.#packNumbers.has(pack)) return false
    const number = this.packs.length
    this.packs.push(pack)
    this.#packNumbers.set(pack, number)
    for (const blob of blobs) this.#addRow(number, blob)
    return true
  }

  hasPack(pack: ContentId): boolean {
    return this.#packNumbers.has(pack)
  }

  has(type: BlobType, id: ContentId): boolean {
    return this.find(type, id) !== -1
  }

  /** The row of a blob, or -1. */
  find(type: BlobType, id: ContentId): number {
    if (wantedId.write(id, 'hex') !== idSize) return -1
    const kind = type === 'tree' ? 1 : 0
    const mask = this.#slots.length - 1
    for (let slot = wantedWords[0]! & mask; ; slot = (slot + 1) & mask) {
      const row = this.#slots[slot]! - 1
      if (row === -1) return -1
      if (this.#isBlob(row, kind, wantedWords, 0)) return row
    }
  }

  locate(type: BlobType, id: ContentId): LocatedBlob | undefined {
    const row = this.find(type, id)
    return row === -1 ? undefined : this.row(row)
  }

  /** Every place where a blob lies, in the order in which the packs were added. */
  locateAll(type: BlobType, id: ContentId): LocatedBlob[] {
    return this.rowsOf(type, id).map((row) => this.row(row))
  }

  /** The number (index of `packs`) of the pack that a row lies in. */
  packNumber(row: number): number {
    return this.#rows[row * 5]!
  }

  /** The pack that a row lies in. */
  packOf(row: number): ContentId {
    return this.packs[this.packNumber(row)]!
  }

  /** Bytes of a row's blob in its pack. */
  lengthOf(row: number): number {
    return this.#rows[row * 5 + 2]!
  }

  /** A row from 0 to `size` − 1 as an object. */
  row(row: number): LocatedBlob {
    const at = row * 5
    const rows = this.#rows
    return {
      type: rows[at + 4] === 1 ? 'tree' : 'data',
      id: this.#ids.toString('hex', row * idSize, (row + 1) * idSize),
      pack: this.packs[rows[at]!]!,
      offset: rows[at + 1]!,
      length: rows[at + 2]!,
      uncompressedLength: rows[at + 3] === 0 ? undefined : rows[at + 3]!,
    }
  }

  /** The rows of every copy of a blob. */
  rowsOf(type: BlobType, id: ContentId): number[] {
    const row = this.find(type, id)
    return row === -1 ? [] : this.copiesOf(row)
  }

  /** The rows of every copy of a row's blob, itself included. */
  copiesOf(row: number): number[] {
    const mask = this.#slots.length - 1
    const found: number[] = []
    const at = row * idWords
    for (let slot = this.#idWords[at]! & mask; ; slot = (slot + 1) & mask) {
      const other = this.#slots[slot]! - 1
      if (other === -1) return found
      if (this.#isBlob(other, this.#rows[row * 5 + 4]!, this.#idWords, at)) found.push(other)
    }
  }

  *entries(): Generator<LocatedBlob, void, void> {
    for (let row = 0; row < this.#count; row++) yield this.row(row)
  }

  #addRow(pack: number, { type, id, offset, length, uncompressedLength }: PackedBlob): void {
    const row = this.#count++
    if ((row + 1) * idSize > this.#ids.length) this.#growRows()
    this.#ids.write(id, row * idSize, 'hex')
    this.#rows.set([pack, offset, length, uncompressedLength ?? 0, type === 'tree' ? 1 : 0], row * 5)
    if (this.#count > this.#slots.length * fullest) this.#growSlots()
    else this.#occupy(row)
  }

  #growRows(): void {
    const ids = Buffer.alloc(this.#ids.length * 2)
    this.#ids.copy(ids)
    this.#ids = ids
    this.#idWords = wordsOf(ids)
    const rows = new Uint32Array(this.#rows.length * 2)
    rows.set(this.#rows)
    this.#rows = rows
  }

  #growSlots(): void {
    this.#slots = new Int32Array(this.#slots.length * 2)
    for (let row = 0; row < this.#count; row++) this.#occupy(row)
  }

  #occupy(row: number): void {
    const mask = this.#slots.length - 1
    let slot = this.#idWords[row * idWords]! & mask
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
    this.#slots[slot] = row + 1
  }

  /** Whether a row is of this kind and has the id whose words begin at a place of others. */
  #isBlob(row: number, kind: number, words: Int32Array, at: number): boolean {
    if (this.#rows[row * 5 + 4] !== kind) return false
    for (let word = 0; word < idWords; word++)
      if (this.#idWords[row * idWords + word] !== words[at + word]) return false
    return true
  }
}

function wordsOf(ids: Buffer): Int32Array {
  return new Int32Array(ids.buffer, ids.byteOffset, ids.length / 4)
}
