import { Cid, type CarIndex } from '../codec/index.ts'
import { repoErrors } from './errors.ts'
import { keyText, mstLayer } from './mst-layer.ts'
import { MstNodeScan, nodeError, scanFields } from './mst-node-scan.ts'
import { longestPath, pathCharacters } from './record-path.ts'

/** Called for each record in the order of paths; `value` is where its CID stands in the bytes of the archive. */
export type VisitEntry = (path: string, value: number) => void

/** What a node that is being walked needs: kept per depth, because nodes within each other share nothing. */
interface Level {
  readonly scan: MstNodeScan
  readonly key: Uint8Array
  length: number
}

/**
 * Walks a whole tree in an archive and checks that it is the one tree that its keys allow: keys strictly ascending, each
 * prefix as long as it can be, each key in the layer of its hash, layers going down by one, no empty node.
 *
 * @returns how many nodes it has
 */
export function walkMst(car: CarIndex, root: number, visit: VisitEntry): number {
  const walk = new Walk(car, visit)
  walk.node(root, undefined, 0)
  return walk.nodes
}

class Walk {
  readonly #car: CarIndex
  readonly #visit: VisitEntry
  readonly #levels: Level[] = []
  #lastKey: Uint8Array = new Uint8Array(0)
  #lastLength = 0
  nodes = 0

  constructor(car: CarIndex, visit: VisitEntry) {
    this.#car = car
    this.#visit = visit
  }

  /** The depth is bounded: each step goes one layer down, and a hash has at most 128. */
  node(block: number, expected: number | undefined, depth: number): void {
    this.nodes++
    const { bytes } = this.#car
    const start = this.#car.startOf(block)
    const level = (this.#levels[depth] ??= { scan: new MstNodeScan(), key: new Uint8Array(longestPath), length: 0 })
    const { scan } = level
    scan.scan(bytes, start, this.#car.endOf(block))
    level.length = 0
    if (scan.count === 0) return this.#withoutEntries(scan.left, expected, depth, start)
    this.#readKey(level, 0, start)
    const layer = mstLayer(level.key, level.length)
    if (expected !== undefined && layer !== expected)
      throw nodeError(bytes, start, 'its layer is not one below its parent')
    if (scan.left >= 0) this.#subtree(scan.left, layer, depth, start)
    let compare = true
    for (let entry = 0; entry < scan.count; entry++) {
      if (entry > 0) this.#readKey(level, entry, start)
      // Directly behind its neighbour in the node, the order has been checked with the prefix.
      if (compare && !this.#isAscending(level)) throw nodeError(bytes, start, 'its keys are not in order')
      if (entry > 0 && mstLayer(level.key, level.length) !== layer)
        throw nodeError(bytes, start, 'its keys are of several layers')
      this.#lastKey = level.key
      this.#lastLength = level.length
      const at = entry * scanFields
      this.#visit(this.#path(level, start), scan.fields[at + 4]!)
      const tree = scan.fields[at + 3]!
      if (tree >= 0) this.#subtree(tree, layer, depth, start)
      compare = tree >= 0
    }
  }

  #withoutEntries(left: number, expected: number | undefined, depth: number, start: number): void {
    const isEmptyRepository = expected === undefined && left < 0
    if (isEmptyRepository) return
    if (expected === undefined || left < 0) throw nodeError(this.#car.bytes, start, 'it is empty')
    this.#subtree(left, expected, depth, start)
  }

  #subtree(link: number, layer: number, depth: number, start: number): void {
    const { bytes } = this.#car
    if (layer === 0) throw nodeError(bytes, start, 'there is a node below the lowest layer')
    const block = this.#car.find(bytes, link)
    if (block < 0) throw repoErrors.ATPROTO_MST_BLOCK_MISSING({ cid: String(new Cid(bytes, link)) })
    this.node(block, layer - 1, depth + 1)
  }

  #readKey(level: Level, entry: number, start: number): void {
    const { bytes } = this.#car
    const { fields } = level.scan
    const at = entry * scanFields
    const prefix = fields[at]!
    const from = fields[at + 1]!
    const length = fields[at + 2]!
    if (prefix > level.length) throw nodeError(bytes, start, 'a prefix is longer than the key before')
    if (prefix + length > longestPath || length === 0)
      throw nodeError(bytes, start, 'a key is too long, or there twice')
    // Greater than the key before, and different in the first byte behind the prefix: both follow from this byte alone.
    if (prefix < level.length && bytes[from]! <= level.key[prefix]!) {
      throw nodeError(bytes, start, 'its keys are not in order, or a prefix is too short')
    }
    for (let index = 0; index < length; index++) level.key[prefix + index] = bytes[from + index]!
    level.length = prefix + length
  }

  #isAscending(level: Level): boolean {
    const common = Math.min(level.length, this.#lastLength)
    for (let index = 0; index < common; index++) {
      const difference = level.key[index]! - this.#lastKey[index]!
      if (difference !== 0) return difference > 0
    }
    return level.length > this.#lastLength
  }

  #path(level: Level, start: number): string {
    const { key, length } = level
    let slash = 0
    let isPath = true
    for (let index = 0; index < length; index++) {
      const kind = pathCharacters[key[index]!]!
      if (kind === 1) continue
      isPath &&= kind === 2 && slash === 0
      slash = index
    }
    // A record key of one or two dots, or a collection that begins with one, would lead elsewhere as part of a file's path.
    const isDots =
      key[length - 1] === dot && (slash === length - 2 || (slash === length - 3 && key[length - 2] === dot))
    const isWhole = slash > 0 && slash < length - 1 && isCollectionStart(key[0]!)
    if (!isPath || isDots || !isWhole) throw nodeError(this.#car.bytes, start, 'a key is not the path of a record')
    return keyText(key, length)
  }
}

const dot = 0x2e

function isCollectionStart(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a)
}
