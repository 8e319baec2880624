/** Items that are connected, by union and find with path halving (Tarjan). Results do not depend on the order of links. */
export function components(nodes: readonly string[], links: Iterable<readonly [string, string]>): string[][] {
  const index = new Map(nodes.map((node, at) => [node, at]))
  const parents = Int32Array.from(nodes, (_, at) => at)
  const root = (at: number): number => {
    let node = at
    while (parents[node] !== node) {
      parents[node] = parents[parents[node]!]!
      node = parents[node]!
    }
    return node
  }
  for (const [left, right] of links) {
    const [a, b] = [root(index.get(left)!), root(index.get(right)!)]
    if (a !== b) parents[Math.max(a, b)] = Math.min(a, b)
  }
  const groups = new Map<number, string[]>()
  nodes.forEach((node, at) => {
    const group = groups.get(root(at))
    if (group === undefined) groups.set(root(at), [node])
    else group.push(node)
  })
  return [...groups.values()]
}
