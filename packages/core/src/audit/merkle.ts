import { createHash } from 'node:crypto'

/** Hash of a leaf: RFC 9162 §2.1.1, SHA-256 of a zero byte and the content. */
export function leafHash(content: string): Buffer {
  return createHash('sha256').update('\0').update(content).digest()
}

function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash('sha256').update('\u0001').update(left).update(right).digest()
}

/** The root of a tree that grows: it keeps one hash per level (RFC 9162 §2.1.2). */
export class MerkleFrontier {
  #size = 0
  readonly #peaks: Uint8Array[] = []

  get size(): number {
    return this.#size
  }

  add(leaf: Uint8Array): void {
    let hash = leaf
    for (let size = this.#size; size % 2 === 1; size = (size - 1) / 2) hash = nodeHash(this.#peaks.pop()!, hash)
    this.#peaks.push(hash)
    this.#size++
  }

  /** SHA-256 of nothing for an empty tree. */
  root(): Buffer {
    const [last, ...others] = [...this.#peaks].reverse()
    if (last === undefined) return createHash('sha256').digest()
    return Buffer.from(others.reduce((right, left) => nodeHash(left, right), last))
  }
}

/** The hashes that lead from a leaf to the root (RFC 9162 §2.1.3.1), lowest first. */
export function inclusionPath(leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  if (leaves.length <= 1) return []
  const border = splitOf(leaves.length)
  const [left, right] = [leaves.slice(0, border), leaves.slice(border)]
  return index < border
    ? [...inclusionPath(left, index), rootOf(right)]
    : [...inclusionPath(right, index - border), rootOf(left)]
}

/** The largest power of two below a size. */
function splitOf(size: number): number {
  let border = 1
  while (border * 2 < size) border *= 2
  return border
}

function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  const frontier = new MerkleFrontier()
  for (const leaf of leaves) frontier.add(leaf)
  return frontier.root()
}

/** The root that a leaf and its path lead to (RFC 9162 §2.1.3.2); undefined when the path has the wrong length. */
export function rootFromPath(
  leaf: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
): Buffer | undefined {
  let [position, last] = [index, size - 1]
  let hash: Buffer = Buffer.from(leaf)
  for (const step of path) {
    if (last === 0) return undefined
    if (position % 2 === 1 || position === last) {
      hash = nodeHash(step, hash)
      while (position % 2 === 0 && position !== 0) {
        position = Math.floor(position / 2)
        last = Math.floor(last / 2)
      }
    } else hash = nodeHash(hash, step)
    position = Math.floor(position / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 ? hash : undefined
}
