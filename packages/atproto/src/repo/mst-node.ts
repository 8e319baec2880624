import { Cid, rawBytes, type CarBlock } from '../codec/index.ts'
import { encodeMstNode } from './build-mst.ts'
import { repoErrors } from './errors.ts'
import { mstLayerOfText } from './mst-layer.ts'
import { MstNodeScan, scanFields } from './mst-node-scan.ts'
import { MstNodeWriter, nodeCidBytes } from './mst-node-writer.ts'

/** Where blocks come from: a `CarIndex`, a `Map` behind a function, a database. */
export interface BlockSource {
  /** The block of a CID, whose hash the source vouches for; undefined when it has none. */
  get(cid: Cid): Uint8Array | undefined
}

/** A part of the tree: in memory, or only known by its CID. */
export type Subtree = MstNode | Cid | null

/** A node in memory. It is changed in place, and its CID forgotten with each change. */
export interface MstNode {
  readonly layer: number
  keys: string[]
  records: Cid[]
  /** One more than keys: left of each, and right of the last. */
  trees: Subtree[]
  /** The CID of the content; undefined when it has changed. */
  cid: Cid | undefined
}

/** Keys that a node must lie between, both excluded. */
export interface KeyRange {
  readonly after: string | undefined
  readonly before: string | undefined
}

const scan = new MstNodeScan()
const writer = new MstNodeWriter()

/**
 * Reads a node and checks it on its own: canonical, in its layer, within its range.
 *
 * @param layer the one it must be in; undefined for a root, which says so itself
 * @throws `ATPROTO_MST_BLOCK_MISSING`, `ATPROTO_MST_INVALID`
 */
export function loadNode(source: BlockSource, cid: Cid, layer: number | undefined, range: KeyRange): MstNode {
  const bytes = source.get(cid)
  if (bytes === undefined) throw repoErrors.ATPROTO_MST_BLOCK_MISSING({ cid: String(cid) })
  const invalid = (reason: string) => repoErrors.ATPROTO_MST_INVALID({ cid: String(cid), reason })
  scan.scan(bytes, 0, bytes.length)
  const keys: string[] = []
  const records: Cid[] = []
  const trees: Subtree[] = [scan.left < 0 ? null : new Cid(bytes, scan.left)]
  let previous = ''
  for (let entry = 0; entry < scan.count; entry++) {
    const at = entry * scanFields
    const [prefix, from, length, tree, record] = scan.fields.subarray(at, at + scanFields) as unknown as readonly [
      number,
      number,
      number,
      number,
      number,
    ]
    if (prefix > previous.length || length === 0)
      throw invalid('a prefix is longer than the key before, or a key is there twice')
    const key = previous.slice(0, prefix) + rawBytes.latin1Slice.call(bytes, from, from + length)
    if (prefix < previous.length && key.charCodeAt(prefix) <= previous.charCodeAt(prefix)) {
      throw invalid('its keys are not in order, or a prefix is too short')
    }
    keys.push(key)
    records.push(new Cid(bytes, record))
    trees.push(tree < 0 ? null : new Cid(bytes, tree))
    previous = key
  }
  const own = keys.length > 0 ? mstLayerOfText(keys[0]!) : (layer ?? 0)
  const isEmpty = keys.length === 0 && (trees[0] === null ? layer !== undefined : layer === undefined)
  if (isEmpty) throw invalid('it is empty')
  if (layer !== undefined && own !== layer) throw invalid('its layer is not one below its parent')
  if (keys.some((key) => mstLayerOfText(key) !== own)) throw invalid('its keys are of several layers')
  if (own === 0 && trees.some((tree) => tree !== null)) throw invalid('there is a node below the lowest layer')
  const { after, before } = range
  const outside =
    keys.length > 0 && ((after !== undefined && keys[0]! <= after) || (before !== undefined && keys.at(-1)! >= before))
  if (outside) throw invalid('its keys are not in order')
  return { layer: own, keys, records, trees, cid }
}

/** The CID of a subtree; nodes that have changed are encoded and handed to `onBlock`, children before their parents. */
export function subtreeCid(tree: MstNode | Cid, onBlock?: (block: CarBlock) => void): Cid {
  if (tree instanceof Cid) return tree
  if (tree.cid !== undefined) return tree.cid
  const trees = tree.trees.map((child) => (child === null ? null : subtreeCid(child, onBlock)))
  const bytes = encodeMstNode(writer, { keys: tree.keys, records: tree.records, trees })
  tree.cid = new Cid(nodeCidBytes(bytes), 0)
  onBlock?.({ cid: tree.cid, bytes })
  return tree.cid
}

/** Where a key stands, or would stand, among the sorted keys of a node. */
export function lowerBound(keys: readonly string[], key: string): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (keys[middle]! < key) low = middle + 1
    else high = middle
  }
  return low
}
