/** Which nodes are neighbours, whichever way one may go: every pair once in the row of each of the two. */
export interface Adjacency {
  readonly nodes: number
  /** The links of node n are those from `first[n]` up to `first[n + 1]`. */
  readonly first: Int32Array
  readonly heads: Int32Array
  /** Per link the same one in the row of its head. */
  readonly reverse: Int32Array
}

export function adjacencyOf(nodes: number, tails: ArrayLike<number>, heads: ArrayLike<number>): Adjacency {
  const pairs = distinctPairs(nodes, tails, heads)
  const first = new Int32Array(nodes + 1)
  for (const pair of pairs) {
    first[Math.floor(pair / nodes) + 1]!++
    first[(pair % nodes) + 1]!++
  }
  for (let node = 0; node < nodes; node++) first[node + 1]! += first[node]!
  const free = first.slice()
  const links = { heads: new Int32Array(pairs.length * 2), reverse: new Int32Array(pairs.length * 2) }
  for (const pair of pairs) {
    const [a, b] = [Math.floor(pair / nodes), pair % nodes]
    const [there, back] = [free[a]!++, free[b]!++]
    links.heads[there] = b
    links.heads[back] = a
    links.reverse[there] = back
    links.reverse[back] = there
  }
  return { nodes, first, ...links }
}

/** `lesser * nodes + greater` of every pair, ascending. */
function distinctPairs(nodes: number, tails: ArrayLike<number>, heads: ArrayLike<number>): Float64Array {
  const pairs = new Float64Array(tails.length)
  let count = 0
  for (let arc = 0; arc < tails.length; arc++) {
    const [a, b] = [tails[arc]!, heads[arc]!]
    if (a !== b) pairs[count++] = Math.min(a, b) * nodes + Math.max(a, b)
  }
  return pairs
    .subarray(0, count)
    .sort()
    .filter((pair, at, sorted) => at === 0 || pair !== sorted[at - 1])
}
