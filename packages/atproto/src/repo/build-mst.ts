import { Cid, type CarBlock } from '../codec/index.ts'
import { repoErrors } from './errors.ts'
import { mstLayerOfPath } from './mst-layer.ts'
import { commonPrefix, MstNodeWriter, nodeCidBytes } from './mst-node-writer.ts'

/** A whole tree. */
export interface BuiltMst {
  readonly root: Cid
  /** Every node, children before their parents. */
  readonly blocks: readonly CarBlock[]
}

/**
 * Builds the tree of all records at once, in one pass over the sorted paths: each layer collects entries until a key of a
 * higher layer closes it. About ten times as fast as adding them one by one.
 *
 * @param entries paths with the CIDs of their records, in any order
 * @throws `ATPROTO_PATH_INVALID` for a path that is none, or is there twice
 * @example
 * ```ts
 * import { cidOf, encodeCbor } from '@exprsn/atproto/codec'
 * import { buildMst } from '@exprsn/atproto/repo'
 *
 * const cid = cidOf('dag-cbor', encodeCbor({ text: 'hello' }))
 * console.log(buildMst([['com.example.note/1', cid]]).blocks.length) // 1
 * ```
 */
export function buildMst(entries: Iterable<readonly [path: string, record: Cid]>): BuiltMst {
  const sorted = [...entries]
  if (!isSorted(sorted)) sorted.sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
  const builder = new Builder()
  let previous: string | undefined
  for (const [path, record] of sorted) {
    const layer = mstLayerOfPath(path)
    if (layer < 0 || path === previous) throw repoErrors.ATPROTO_PATH_INVALID({ path })
    builder.add(path, record, layer)
    previous = path
  }
  return builder.finish()
}

function isSorted(entries: readonly (readonly [string, Cid])[]): boolean {
  for (let index = 1; index < entries.length; index++) {
    if (entries[index - 1]![0] >= entries[index]![0]) return false
  }
  return true
}

/** What one layer has collected since a key of a higher layer closed it. */
interface OpenNode {
  keys: string[]
  records: Cid[]
  /** One more than keys: what is left of each, and right of the last. */
  trees: (Cid | null)[]
}

class Builder {
  readonly #writer = new MstNodeWriter()
  readonly #blocks: CarBlock[] = []
  readonly #layers: OpenNode[] = []

  add(key: string, record: Cid, layer: number): void {
    while (this.#layers.length <= layer) this.#layers.push({ keys: [], records: [], trees: [null] })
    for (let below = 0; below < layer; below++) this.#close(below)
    const node = this.#layers[layer]!
    node.keys.push(key)
    node.records.push(record)
    node.trees.push(null)
  }

  finish(): BuiltMst {
    const top = this.#layers.length - 1
    if (top < 0) this.#layers.push({ keys: [], records: [], trees: [null] })
    for (let layer = 0; layer < top; layer++) this.#close(layer)
    return { root: this.#write(this.#layers.at(-1)!), blocks: this.#blocks }
  }

  /** Makes a node of what the layer has, and the right-most subtree of the layer above of the node. */
  #close(layer: number): void {
    const node = this.#layers[layer]!
    if (node.keys.length === 0 && node.trees[0] === null) return
    const above = this.#layers[layer + 1]!
    above.trees[above.trees.length - 1] = this.#write(node)
    node.keys = []
    node.records = []
    node.trees = [null]
  }

  #write(node: OpenNode): Cid {
    const bytes = encodeMstNode(this.#writer, node)
    const cid = new Cid(nodeCidBytes(bytes), 0)
    this.#blocks.push({ cid, bytes })
    return cid
  }
}

/** The block of a node. */
export function encodeMstNode(
  writer: MstNodeWriter,
  {
    keys,
    records,
    trees,
  }: { readonly keys: readonly string[]; readonly records: readonly Cid[]; readonly trees: readonly (Cid | null)[] },
): Uint8Array {
  writer.begin(keys.length)
  let previous = ''
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index]!
    writer.entry(commonPrefix(previous, key), key, trees[index + 1]!, records[index]!)
    previous = key
  }
  return writer.end(trees[0]!)
}
