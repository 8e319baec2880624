import { concatBytes } from '@exprsn/core/bytes'
import { readFile, type Disk, type DiskStat } from '@exprsn/core/disk'
import type { ContentId } from '../../repository/index.ts'
import { IdList } from './id-list.ts'

/** The facts by which a file is recognised: where it moved to does not matter. */
export type FileFacts = Pick<DiskStat, 'device' | 'inode' | 'size' | 'modifiedAt' | 'changedAt'>

/** Changes with the format: an older file is then passed over. */
const magic = 0x45584231
const headerWords = 8

/**
 * What the last run found, so that this one need not read it again: the content of files by device and inode, and the
 * trees of folders by what they hold. It only saves work: without it, or with one that belongs to another snapshot, the
 * same snapshot is made.
 */
export class StatCache {
  /** The snapshot's tree that everything in here is reachable from; undefined: nothing is in here. */
  readonly tree: ContentId | undefined
  readonly #old: CacheTable
  readonly #new = new CacheBuilder()
  /** What changed after this instant may change again unnoticed: clocks of file systems tick every few milliseconds. */
  readonly #settled: bigint
  #isChanged = false

  constructor(tree: ContentId | undefined, old: CacheTable, startedAt: bigint) {
    this.tree = tree
    this.#old = old
    this.#settled = startedAt - 2_000_000_000n
  }

  /** The content of a file that is as it was. */
  contentOf(facts: FileFacts): ContentId[] | undefined {
    const content = this.#old.contentOf(facts)
    if (content !== undefined) this.#new.addFile(facts, content)
    return content
  }

  /** The tree of a folder that holds what it held, by its digest. */
  treeOf(digest: string): ContentId | undefined {
    const tree = this.#old.trees.get(digest)
    if (tree !== undefined) this.#new.trees.set(digest, tree)
    return tree
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

  isSettled({ modifiedAt, changedAt }: Pick<FileFacts, 'modifiedAt' | 'changedAt'>): boolean {
    return changedAt < this.#settled && modifiedAt < this.#settled
  }

  /** What this run found, for the snapshot of this tree; undefined where it is what was known. */
  encode(tree: ContentId, variant: string): Uint8Array<ArrayBuffer> | undefined {
    return tree === this.tree && !this.#isChanged ? undefined : this.#new.encode(tree, variant)
  }
}

/** An empty cache. */
export function emptyCache(startedAt: bigint): StatCache {
  return new StatCache(undefined, new CacheTable(), startedAt)
}

/** The cache that was saved under this path for the same variant (chunker, names of owners); empty when there is none. */
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
  readonly #files: BigInt64Array
  readonly #ids: Buffer
  readonly #slots: Int32Array

  constructor(
    trees: ReadonlyMap<string, ContentId> = new Map(),
    files = new BigInt64Array(0),
    ids: Buffer = Buffer.alloc(0),
  ) {
    this.trees = trees
    this.#files = files
    this.#ids = ids
    const count = files.length / rowWords
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * count + 2)))
    for (let row = 0; row < count; row++) {
      let slot = this.#slotOf(files[row * rowWords + 1]!)
      while (this.#slots[slot] !== 0) slot = (slot + 1) & (this.#slots.length - 1)
      this.#slots[slot] = row + 1
    }
  }

  contentOf(facts: FileFacts): ContentId[] | undefined {
    for (let slot = this.#slotOf(facts.inode); ; slot = (slot + 1) & (this.#slots.length - 1)) {
      const row = this.#slots[slot]! - 1
      if (row === -1) return undefined
      const at = row * rowWords
      const files = this.#files
      if (files[at] !== BigInt.asIntN(64, facts.device) || files[at + 1] !== BigInt.asIntN(64, facts.inode)) continue
      if (files[at + 2] !== BigInt(facts.size) || files[at + 3] !== facts.modifiedAt) return undefined
      if (files[at + 4] !== facts.changedAt) return undefined
      const first = Number(files[at + 5]! >> 32n)
      const count = Number(files[at + 5]! & 0xffffffffn)
      return Array.from({ length: count }, (_, index) =>
        this.#ids.toString('hex', 32 * (first + index), 32 * (first + index + 1)),
      )
    }
  }

  #slotOf(inode: bigint): number {
    return Math.imul(Number(BigInt.asIntN(32, inode)), 0x9e3779b1) & (this.#slots.length - 1)
  }
}

/** Words of 64 bits of a file: device, inode, size, modified, changed, first id and number of ids. */
const rowWords = 6

/** Grows in memory outside of the heap: a million files take 80 MB there, and would take 400 MB in it. */
class CacheBuilder {
  readonly trees = new Map<string, ContentId>()
  #words = new BigInt64Array(6 * 1_024)
  #wordCount = 0
  readonly #ids = new IdList()

  addFile({ device, inode, size, modifiedAt, changedAt }: FileFacts, content: readonly ContentId[]): void {
    if (this.#wordCount === this.#words.length) {
      const larger = new BigInt64Array(2 * this.#words.length)
      larger.set(this.#words)
      this.#words = larger
    }
    const place = (BigInt(this.#ids.count) << 32n) | BigInt(content.length)
    this.#words.set([device, inode, BigInt(size), modifiedAt, changedAt, place], this.#wordCount)
    this.#wordCount += rowWords
    for (const id of content) this.#ids.append(id)
  }

  encode(tree: ContentId, variant: string): Uint8Array<ArrayBuffer> {
    const name = Buffer.from(variant)
    const header = Buffer.from(
      Uint32Array.of(magic, name.length, this.trees.size, this.#wordCount, this.#ids.count, 0, 0, 0).buffer,
    )
    const trees = Buffer.from([...this.trees].map(([digest, id]) => digest + id).join(''), 'hex')
    const files = new Uint8Array(this.#words.buffer, 0, 8 * this.#wordCount)
    // In memory of its own, which can go to another thread: small ones of Buffer share theirs.
    return concatBytes([header, Buffer.from(tree, 'hex'), files, this.#ids.finish(), trees, name])
  }
}

function decode(
  bytes: Uint8Array,
  variant: string,
): { readonly tree: ContentId; readonly table: CacheTable } | undefined {
  const buffer = Buffer.from(bytes)
  const header = new Uint32Array(Uint8Array.from(buffer.subarray(0, headerWords * 4)).buffer)
  const [first, nameLength, treeCount, words, idCount] = header as unknown as [number, number, number, number, number]
  if (first !== magic) return undefined
  let at = headerWords * 4
  const take = (length: number): Buffer => buffer.subarray(at, (at += length))
  const tree = take(32).toString('hex')
  const files = new BigInt64Array(Uint8Array.from(take(8 * words)).buffer)
  const ids = take(32 * idCount)
  const rows = take(64 * treeCount)
  if (take(nameLength).toString() !== variant || at !== buffer.length) return undefined
  const trees = new Map<string, ContentId>()
  for (let row = 0; row < treeCount; row++)
    trees.set(rows.toString('hex', 64 * row, 64 * row + 32), rows.toString('hex', 64 * row + 32, 64 * row + 64))
  return { tree, table: new CacheTable(trees, files, ids) }
}
