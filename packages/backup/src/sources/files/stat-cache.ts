import { concatBytes } from '@exprsn/core/bytes'
import { readFile, type Disk, type DiskStat } from '@exprsn/core/disk'
import { hash } from 'node:crypto'
import type { ContentId } from '../../repository/index.ts'
import { IdList, idsOf } from './id-list.ts'

/** The facts by which a file is recognised: where it moved to does not matter. */
export type FileFacts = Pick<DiskStat, 'device' | 'inode' | 'size' | 'modifiedAt' | 'changedAt'>

/** The ids of a file's content. */
export type KnownContent = () => readonly ContentId[]

/** Changes with the format: an older file is then passed over. */
const magic = 0x45584233
const headerWords = 8
const digestLength = 32

/**
 * What the last run found, so that this one need not read it again: the content of files by device and inode, and the
 * trees of folders by what they hold. It only saves work: without it, or with one that belongs to another snapshot, the
 * same snapshot is made.
 */
export class StatCache {
  /** The snapshot's tree that everything in here is reachable from; undefined: nothing is in here. */
  readonly tree: ContentId | undefined
  readonly #old: CacheTable
  /** By row of the old table: whether the file was found again. */
  readonly #found: Uint8Array
  readonly #foundTrees: string[] = []
  /** Lists of files in found trees: device and inode of one after the other. */
  readonly #kept: (readonly number[])[] = []
  #known: ReadonlySet<ContentId> | undefined
  readonly #new = new CacheBuilder()
  /** What changed after this instant may change again unnoticed: clocks of file systems tick every few milliseconds. */
  readonly #settled: bigint
  #isChanged = false

  constructor(tree: ContentId | undefined, old: CacheTable, startedAt: bigint) {
    this.tree = tree
    this.#old = old
    this.#found = new Uint8Array(old.count)
    this.#settled = startedAt - 2_000_000_000n
  }

  /** What tells the content of a file that is as it was: most are in folders that are as they were, and nobody asks. */
  contentOf(facts: FileFacts): KnownContent | undefined {
    const row = this.#old.rowOf(facts)
    if (row === undefined) return undefined
    this.#found[row] = 1
    return () => this.#old.contentAt(row)
  }

  /** The tree of a folder that holds what it held, by its digest. */
  treeOf(digest: string): ContentId | undefined {
    const tree = this.#old.trees.get(digest)
    if (tree !== undefined) this.#foundTrees.push(digest)
    return tree
  }

  /** Notes files of a folder that holds what it held: device and inode of one after the other, each as exact as a number is. */
  keepFiles(identities: readonly number[]): void {
    if (identities.length > 0) this.#kept.push(identities)
  }

  /** Whether the snapshot that this belongs to has a tree: it is stored, and stays while the snapshot does. */
  hasTree(tree: ContentId): boolean {
    this.#known ??= new Set([...this.#old.trees.values(), ...this.#old.otherTrees])
    return this.#known.has(tree)
  }

  rememberContent(facts: FileFacts, content: readonly ContentId[]): void {
    if (!this.isSettled(facts)) return
    this.#isChanged = true
    this.#new.addFile(facts, content)
  }

  rememberTree(digest: string, tree: ContentId): void {
    this.#isChanged = true
    this.#new.trees.set(digest, tree)
  }

  /** A tree that is not to be found by its folder's digest: what is in it may change unnoticed. */
  rememberOtherTree(tree: ContentId): void {
    this.#new.otherTrees.push(tree)
  }

  isSettled({ modifiedAt, changedAt }: Pick<FileFacts, 'modifiedAt' | 'changedAt'>): boolean {
    return changedAt < this.#settled && modifiedAt < this.#settled
  }

  /** What this run found, for the snapshot of this tree; undefined where it is what was known. */
  encode(tree: ContentId, variant: string): Uint8Array<ArrayBuffer> | undefined {
    if (tree === this.tree && !this.#isChanged) return undefined
    for (const identities of this.#kept)
      for (let at = 0; at < identities.length; at += 2) {
        const row = this.#old.rowOfInode(BigInt(identities[at]!), BigInt(identities[at + 1]!))
        if (row !== undefined) this.#found[row] = 1
      }
    for (let start = this.#found.indexOf(1); start !== -1;) {
      const next = this.#found.indexOf(0, start)
      const end = next === -1 ? this.#found.length : next
      this.#new.addRows(this.#old, start, end)
      start = this.#found.indexOf(1, end)
    }
    for (const digest of this.#foundTrees) this.#new.trees.set(digest, this.#old.trees.get(digest)!)
    return this.#new.encode(tree, variant)
  }
}

/** An empty cache. */
export function emptyCache(startedAt: bigint): StatCache {
  return new StatCache(undefined, new CacheTable(), startedAt)
}

/** The cache that was saved under this path for the same variant (chunker, selection, what is read of each file); empty when there is none. */
export async function loadStatCache(disk: Disk, path: string, variant: string, startedAt: bigint): Promise<StatCache> {
  try {
    const decoded = decode(await readFile(disk, path), variant)
    if (decoded !== undefined) return new StatCache(decoded.tree, decoded.table, startedAt)
  } catch {
    // Whatever is wrong with it: it is a cache.
  }
  return emptyCache(startedAt)
}

/** Files in arrays, found by a hash of their inode; trees in a map. */
export class CacheTable {
  readonly trees: ReadonlyMap<string, ContentId>
  readonly otherTrees: readonly ContentId[]
  readonly #files: BigInt64Array
  /** The same memory. */
  readonly #halves: Int32Array
  readonly #ids: Buffer
  /** Made when a file is first looked for: where no folder changed, none is. */
  #slots: Int32Array | undefined

  constructor(
    trees: ReadonlyMap<string, ContentId> = new Map(),
    files = new BigInt64Array(0),
    ids: Buffer = Buffer.alloc(0),
    otherTrees: readonly ContentId[] = [],
  ) {
    this.trees = trees
    this.otherTrees = otherTrees
    this.#files = files
    this.#ids = ids
    this.#halves = new Int32Array(files.buffer, files.byteOffset, 2 * files.length)
  }

  get count(): number {
    return this.#files.length / rowWords
  }

  /** Where a file is that is as it was. */
  rowOf({ device, inode, size, modifiedAt, changedAt }: FileFacts): number | undefined {
    // A 64-bit word would say that a time beyond 2262 is one before 1678.
    if (!isWord(modifiedAt) || !isWord(changedAt)) return undefined
    wanted[2] = BigInt(size)
    wanted[3] = modifiedAt
    wanted[4] = changedAt
    const row = this.rowOfInode(device, inode)
    return row !== undefined && this.#sameHalves(row) === wantedHalves.length ? row : undefined
  }

  /** Where a file is that may have changed. */
  rowOfInode(device: bigint, inode: bigint): number | undefined {
    wanted[0] = device
    wanted[inodeWord] = inode
    const slots = (this.#slots ??= this.#fillSlots())
    const mask = slots.length - 1
    for (let slot = hashOf(wantedHalves, 2 * inodeWord) & mask; ; slot = (slot + 1) & mask) {
      const row = slots[slot]! - 1
      if (row === -1) return undefined
      if (this.#sameHalves(row) >= 2 * (inodeWord + 1)) return row
    }
  }

  /** How many halves of the wanted words begin a row. Numbers, as every word by itself would be an object. */
  #sameHalves(row: number): number {
    const at = 2 * row * rowWords
    let same = 0
    while (same < wantedHalves.length && this.#halves[at + same] === wantedHalves[same]) same++
    return same
  }

  contentAt(row: number): ContentId[] {
    return idsOf(this.idsBetween(row, row + 1).bytes)
  }

  wordsBetween(start: number, end: number): BigInt64Array {
    return this.#files.subarray(start * rowWords, end * rowWords)
  }

  /** Those of rows that follow each other follow each other, too. */
  idsBetween(start: number, end: number): { readonly first: number; readonly bytes: Uint8Array } {
    const first = firstId(this.#files[start * rowWords + placeWord]!)
    const last = this.#files[(end - 1) * rowWords + placeWord]!
    return { first, bytes: this.#ids.subarray(32 * first, 32 * (firstId(last) + idCount(last))) }
  }

  #fillSlots(): Int32Array {
    const slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * this.count + 2)))
    const mask = slots.length - 1
    for (let row = 0; row < this.count; row++) {
      let slot = hashOf(this.#halves, 2 * (row * rowWords + inodeWord)) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = row + 1
    }
    return slots
  }
}

const hashOf = (halves: Int32Array, inode: number): number => Math.imul(halves[inode]! ^ halves[inode + 1]!, 0x9e3779b1)

/** Words of 64 bits of a file: device, inode, size, modified, changed, first id and number of ids. */
const rowWords = 6
const inodeWord = 1
const placeWord = 5

/** The words of the file that is looked for, but for its content. */
const wanted = new BigInt64Array(placeWord)
const wantedHalves = new Int32Array(wanted.buffer)

const isWord = (value: bigint): boolean => BigInt.asIntN(64, value) === value

const firstId = (place: bigint): number => Number(place >> 32n)
const idCount = (place: bigint): number => Number(place & 0xffffffffn)

/** Grows in memory outside of the heap: a million files take 80 MB there, and would take 400 MB in it. */
class CacheBuilder {
  readonly trees = new Map<string, ContentId>()
  readonly otherTrees: ContentId[] = []
  #words = new BigInt64Array(6 * 1_024)
  #wordCount = 0
  readonly #ids = new IdList()

  addFile({ device, inode, size, modifiedAt, changedAt }: FileFacts, content: readonly ContentId[]): void {
    const place = (BigInt(this.#ids.count) << 32n) | BigInt(content.length)
    this.#append([device, inode, BigInt(size), modifiedAt, changedAt, place])
    for (const id of content) this.#ids.append(id)
  }

  /** Files of a table, in one go: nearly all of them, as a rule. */
  addRows(table: CacheTable, start: number, end: number): void {
    const { first, bytes } = table.idsBetween(start, end)
    const shift = BigInt(this.#ids.count - first) << 32n
    const from = this.#wordCount
    this.#append(table.wordsBetween(start, end))
    if (shift !== 0n) for (let at = from + placeWord; at < this.#wordCount; at += rowWords) this.#words[at]! += shift
    this.#ids.appendAll(bytes)
  }

  #append(words: ArrayLike<bigint>): void {
    const end = this.#wordCount + words.length
    if (end > this.#words.length) {
      const larger = new BigInt64Array(Math.max(end, 2 * this.#words.length))
      larger.set(this.#words)
      this.#words = larger
    }
    this.#words.set(words, this.#wordCount)
    this.#wordCount = end
  }

  encode(tree: ContentId, variant: string): Uint8Array<ArrayBuffer> {
    const name = Buffer.from(variant)
    const counts = [this.trees.size, this.#wordCount, this.#ids.count, this.otherTrees.length, 0, 0]
    const header = Buffer.from(Uint32Array.of(magic, name.length, ...counts).buffer)
    const trees = Buffer.from([...[...this.trees].flat(), ...this.otherTrees].join(''), 'hex')
    const files = new Uint8Array(this.#words.buffer, 0, 8 * this.#wordCount)
    // In memory of its own, which can go to another thread: small ones of Buffer share theirs.
    const content = concatBytes([header, Buffer.from(tree, 'hex'), files, this.#ids.finish(), trees, name])
    return concatBytes([content, digestOf(content)])
  }
}

function decode(
  bytes: Uint8Array,
  variant: string,
): { readonly tree: ContentId; readonly table: CacheTable } | undefined {
  const end = Math.max(0, bytes.length - digestLength)
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, end)
  // An id of which a bit has turned would become part of a snapshot, and be missed when it is restored.
  if (!digestOf(buffer).equals(bytes.subarray(end))) return undefined
  const header = new Uint32Array(copyOf(buffer.subarray(0, headerWords * 4)))
  const [first, nameLength = 0, treeCount = 0, words = 0, idCount = 0, otherCount = 0] = header
  if (first !== magic) return undefined
  let at = headerWords * 4
  const take = (length: number): Buffer => buffer.subarray(at, (at += length))
  const tree = take(32).toString('hex')
  const files = new BigInt64Array(copyOf(take(8 * words)))
  const ids = take(32 * idCount)
  const rows = take(64 * treeCount)
  const others = take(32 * otherCount)
  if (take(nameLength).toString() !== variant || at !== buffer.length) return undefined
  const trees = new Map<string, ContentId>()
  for (let row = 0; row < treeCount; row++)
    trees.set(rows.toString('hex', 64 * row, 64 * row + 32), rows.toString('hex', 64 * row + 32, 64 * row + 64))
  return { tree, table: new CacheTable(trees, files, ids, idsOf(others)) }
}

function digestOf(bytes: Uint8Array): Buffer {
  return hash('sha256', bytes, 'buffer')
}

/** Memory of its own, in which words begin where they have to. */
function copyOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}
