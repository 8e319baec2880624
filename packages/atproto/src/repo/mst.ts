import { Cid, type CarBlock } from '../codec/index.ts'
import { repoErrors } from './errors.ts'
import { mstLayerOfText } from './mst-layer.ts'
import {
  loadNode,
  lowerBound,
  subtreeCid,
  type BlockSource,
  type KeyRange,
  type MstNode,
  type Subtree,
} from './mst-node.ts'
import { isRecordPath } from './record-path.ts'

const nowhere: BlockSource = { get: () => undefined }
const everything: KeyRange = { after: undefined, before: undefined }

/** Options of {@link openMst}. */
export interface OpenMstOptions {
  /** Where nodes come from as they are needed. */
  readonly source: BlockSource
  /** The root; without one the tree is empty. */
  readonly root?: Cid | undefined
}

/**
 * Opens a tree of records to read and change it. Nodes are read when a path leads through them, so a proof that holds only
 * some of them is enough for the paths it proves.
 *
 * @example
 * ```ts
 * import { cidOf, encodeCbor } from '@exprsn/atproto/codec'
 * import { createMst } from '@exprsn/atproto/repo'
 *
 * const tree = createMst()
 * const empty = tree.root()
 * tree.set('com.example.note/1', cidOf('dag-cbor', encodeCbor({ text: 'hello' })))
 * tree.delete('com.example.note/1')
 * console.log(tree.root().equals(empty)) // true: the shape depends on the records alone
 * ```
 */
export function openMst({ source, root }: OpenMstOptions): Mst {
  return new Mst(source, root ?? null)
}

/** An empty tree. */
export function createMst(): Mst {
  return new Mst(nowhere, null)
}

/** The Merkle search tree of a repository: paths to the CIDs of records. Made by {@link openMst} and {@link createMst}. */
export class Mst {
  readonly #source: BlockSource
  #root: Subtree

  /** For {@link openMst}. */
  constructor(source: BlockSource, root: Cid | null) {
    this.#source = source
    this.#root = root
  }

  /**
   * The CID of the record at a path; undefined when there is none.
   *
   * @throws `ATPROTO_MST_BLOCK_MISSING`, `ATPROTO_MST_INVALID`
   */
  get(path: string): Cid | undefined {
    const layer = mstLayerOfText(path)
    let range = everything
    let node = this.#loadRoot()
    while (node !== null) {
      const index = lowerBound(node.keys, path)
      if (node.keys[index] === path) return node.records[index]
      if (node.layer <= layer) return undefined
      range = rangeOf(node, index, range)
      node = this.#child(node, index, range)
    }
    return undefined
  }

  /**
   * Adds a record or replaces it.
   *
   * @returns the CID that stood there before
   * @throws `ATPROTO_PATH_INVALID`, `ATPROTO_MST_BLOCK_MISSING`, `ATPROTO_MST_INVALID`
   */
  set(path: string, record: Cid): Cid | undefined {
    if (!isRecordPath(path)) throw repoErrors.ATPROTO_PATH_INVALID({ path })
    const before = this.get(path)
    this.#root = this.#put(this.#loadRoot(), path, record, mstLayerOfText(path), everything)
    return before
  }

  /**
   * Removes a record.
   *
   * @returns the CID that stood there
   * @throws `ATPROTO_MST_KEY_MISSING`, `ATPROTO_MST_BLOCK_MISSING`, `ATPROTO_MST_INVALID`
   */
  delete(path: string): Cid {
    const before = this.get(path)
    if (before === undefined) throw repoErrors.ATPROTO_MST_KEY_MISSING({ path })
    this.#root = this.#remove(this.#loadRoot()!, path, mstLayerOfText(path), everything)
    this.#trimRoot()
    return before
  }

  /**
   * The CID of the root.
   *
   * @param onBlock gets each node that has changed since the last call, children before their parents
   */
  root(onBlock?: (block: CarBlock) => void): Cid {
    this.#root ??= emptyNode(0)
    return subtreeCid(this.#root, onBlock)
  }

  /** All records in the order of their paths. */
  *entries(): Generator<readonly [path: string, record: Cid], void, undefined> {
    const root = this.#loadRoot()
    if (root !== null) yield* this.#entriesOf(root, everything)
  }

  *#entriesOf(node: MstNode, range: KeyRange): Generator<readonly [string, Cid], void, undefined> {
    for (let index = 0; index <= node.keys.length; index++) {
      const within = rangeOf(node, index, range)
      const child = this.#child(node, index, within)
      if (child !== null) yield* this.#entriesOf(child, within)
      if (index < node.keys.length) yield [node.keys[index]!, node.records[index]!]
    }
  }

  #loadRoot(): MstNode | null {
    if (this.#root instanceof Cid) this.#root = loadNode(this.#source, this.#root, undefined, everything)
    return this.#root
  }

  #child(node: MstNode, index: number, range: KeyRange): MstNode | null {
    const child = node.trees[index]!
    if (!(child instanceof Cid)) return child
    return (node.trees[index] = loadNode(this.#source, child, node.layer - 1, range)) as MstNode
  }

  #put(node: MstNode | null, key: string, record: Cid, layer: number, range: KeyRange): MstNode {
    if (node === null) return leaf(key, record, layer)
    if (layer > node.layer) {
      const [left, right] = this.#split(node, key, range)
      return { ...leaf(key, record, layer), trees: [raised(left, layer - 1), raised(right, layer - 1)] }
    }
    const index = lowerBound(node.keys, key)
    node.cid = undefined
    if (layer === node.layer && node.keys[index] === key) {
      node.records[index] = record
      return node
    }
    const within = rangeOf(node, index, range)
    const child = this.#child(node, index, within)
    if (layer === node.layer) {
      const [left, right] = this.#split(child, key, within)
      node.keys.splice(index, 0, key)
      node.records.splice(index, 0, record)
      node.trees.splice(index, 1, left, right)
    } else {
      node.trees[index] = raised(this.#put(child, key, record, layer, within), node.layer - 1)
    }
    return node
  }

  /** What lies left and right of a key that is in neither. */
  #split(node: MstNode | null, key: string, range: KeyRange): [MstNode | null, MstNode | null] {
    if (node === null) return [null, null]
    const index = lowerBound(node.keys, key)
    const within = rangeOf(node, index, range)
    const [inner, outer] = this.#split(this.#child(node, index, within), key, within)
    const left = part(node, 0, index, [...node.trees.slice(0, index), inner])
    const right = part(node, index, node.keys.length, [outer, ...node.trees.slice(index + 1)])
    return [left, right]
  }

  #remove(node: MstNode, key: string, layer: number, range: KeyRange): MstNode | null {
    const index = lowerBound(node.keys, key)
    const within = rangeOf(node, index, range)
    node.cid = undefined
    if (node.layer > layer) {
      node.trees[index] = this.#remove(this.#child(node, index, within)!, key, layer, within)
    } else {
      const left = this.#child(node, index, within)
      const beyond = rangeOf(node, index + 1, range)
      // A subtree that has nothing beside it stays as it is: a proof need not hold it.
      const right = left === null ? node.trees[index + 1]! : this.#child(node, index + 1, beyond)
      const merged =
        left === null
          ? right
          : this.#merge(left, right as MstNode | null, { after: within.after, before: beyond.before })
      node.keys.splice(index, 1)
      node.records.splice(index, 1)
      node.trees.splice(index, 2, merged)
    }
    return node.keys.length === 0 && node.trees[0] === null ? null : node
  }

  /** Joins two nodes of one layer, the left of which lies wholly before the right. */
  #merge(left: MstNode, right: MstNode | null, range: KeyRange): MstNode {
    if (right === null) return left
    const last = this.#child(left, left.keys.length, rangeOf(left, left.keys.length, range))
    const first = this.#child(right, 0, rangeOf(right, 0, range))
    const middle = last === null ? first : this.#merge(last, first, range)
    return {
      layer: left.layer,
      keys: [...left.keys, ...right.keys],
      records: [...left.records, ...right.records],
      trees: [...left.trees.slice(0, -1), middle, ...right.trees.slice(1)],
      cid: undefined,
    }
  }

  /** A root without entries gives way to its one child. */
  #trimRoot(): void {
    while (this.#root !== null && !(this.#root instanceof Cid) && this.#root.keys.length === 0) {
      const child: Subtree = this.#root.trees[0]!
      const layer = this.#root.layer - 1
      if (!(child instanceof Cid)) this.#root = child
      else if (this.#source.get(child) === undefined) {
        // Whether it has entries cannot be known here, but it is the root if the rest is right.
        this.#root = child
      } else this.#root = loadNode(this.#source, child, layer, everything)
    }
  }
}

function emptyNode(layer: number): MstNode {
  return { layer, keys: [], records: [], trees: [null], cid: undefined }
}

function leaf(key: string, record: Cid, layer: number): MstNode {
  return { layer, keys: [key], records: [record], trees: [null, null], cid: undefined }
}

function part(node: MstNode, from: number, to: number, trees: Subtree[]): MstNode | null {
  if (from === to && trees[0] === null) return null
  return {
    layer: node.layer,
    keys: node.keys.slice(from, to),
    records: node.records.slice(from, to),
    trees,
    cid: undefined,
  }
}

/** The node under as many nodes without entries as it takes to reach the layer. */
function raised(node: MstNode | null, layer: number): MstNode | null {
  let top = node
  while (top !== null && top.layer < layer) top = { ...emptyNode(top.layer + 1), trees: [top] }
  return top
}

/** Between which keys the subtree at an index lies. */
function rangeOf(node: MstNode, index: number, outer: KeyRange): KeyRange {
  return {
    after: index > 0 ? node.keys[index - 1] : outer.after,
    before: index < node.keys.length ? node.keys[index] : outer.before,
  }
}
