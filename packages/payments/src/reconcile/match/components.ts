/** Items that are connected, by union and find with path halving (Tarjan). Results do not depend on the order of links. */
export function components(nodes: readonly string[], links: Iterable<readonly [string, string]>): string[][] {
  const index = new Map(nodes.map((node, at) => [node, at]))
  const numbers: number[] = []
  for (const [left, right] of links) numbers.push(index.get(left)!, index.get(right)!)
  return connected(nodes.length, numbers).map((together) =>
    typeof together === 'number' ? [nodes[together]!] : together.map((at) => nodes[at]!),
  )
}

/**
 * The same of numbers from 0: `links` are pairs, one after the other. Groups and what is in them ascend; what nothing is
 * connected with, which are most, is a number by itself.
 */
export function connected(count: number, links: readonly number[]): (number | number[])[] {
  const parents = new Int32Array(count)
  for (let at = 0; at < count; at++) parents[at] = at
  const root = (at: number): number => {
    let node = at
    while (parents[node] !== node) {
      parents[node] = parents[parents[node]!]!
      node = parents[node]!
    }
    return node
  }
  for (let at = 0; at < links.length; at += 2) {
    const [a, b] = [root(links[at]!), root(links[at + 1]!)]
    if (a !== b) parents[Math.max(a, b)] = Math.min(a, b)
  }
  // The root of a group is its first member.
  const groups: (number | number[])[] = []
  const places = new Int32Array(count)
  for (let at = 0; at < count; at++) {
    const first = root(at)
    if (first === at) {
      places[at] = groups.push(at) - 1
      continue
    }
    const group = groups[places[first]!]!
    if (typeof group === 'number') groups[places[first]!] = [group, at]
    else group.push(at)
  }
  return groups
}
