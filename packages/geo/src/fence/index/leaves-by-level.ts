import type { GrowableInts } from './growable.ts'
import { levelOf } from './leaf-head.ts'

/**
 * The leaves of large cells first: more places lie in them, and what is asked for most then fills whole lines of the
 * processor's caches. Writes the new places into the tree, and over the old leaves.
 *
 * @param places Where leaves begin, in their order.
 */
export function leavesByLevel(
  tree: Int32Array,
  { values: old, length }: GrowableInts,
  places: GrowableInts,
): Int32Array {
  const words = new Int32Array(2 ** 5)
  const endOf = (leaf: number): number => (leaf + 1 < places.length ? places.values[leaf + 1]! : length)
  for (let leaf = 0; leaf < places.length; leaf++) {
    const place = places.values[leaf]!
    words[levelOf(old[place]!)]! += endOf(leaf) - place
  }
  const next = new Int32Array(words.length)
  for (let level = 1; level < words.length; level++) next[level] = next[level - 1]! + words[level - 1]!
  const leaves = new Int32Array(length)
  for (let leaf = 0; leaf < places.length; leaf++) {
    const place = places.values[leaf]!
    const level = levelOf(old[place]!)
    const to = next[level]!
    const size = endOf(leaf) - place
    for (let word = 0; word < size; word++) leaves[to + word] = old[place + word]!
    next[level] = to + size
    old[place] = to
  }
  for (let node = 0; node < tree.length; node++) if (tree[node]! < 0) tree[node] = ~old[~tree[node]!]!
  return leaves
}
