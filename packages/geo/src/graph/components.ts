/** Arcs in rows. */
export interface Rows {
  /** The arcs of n are those from `first[n]` up to `first[n + 1]`. */
  readonly first: Int32Array
  readonly heads: Int32Array
}

/**
 * The strongly connected component of every node of a graph, numbered as they are completed (Tarjan 1972, without recursion).
 */
export function strongComponents({ first, heads }: Rows): { readonly components: Int32Array; readonly count: number } {
  const nodes = first.length - 1
  const components = new Int32Array(nodes).fill(-1)
  const order = new Int32Array(nodes).fill(-1)
  const lowest = new Int32Array(nodes)
  const nextArc = first.slice(0, nodes)
  const open = new Int32Array(nodes)
  const path = new Int32Array(nodes)
  let [opened, depth, visited, count] = [0, 0, 0, 0]
  for (let root = 0; root < nodes; root++) {
    if (order[root]! >= 0) continue
    path[depth++] = root
    while (depth > 0) {
      const node = path[depth - 1]!
      if (order[node]! < 0) {
        order[node] = lowest[node] = visited++
        open[opened++] = node
      }
      let child = -1
      while (nextArc[node]! < first[node + 1]!) {
        const head = heads[nextArc[node]!]!
        if (order[head]! < 0) {
          child = head
          break
        }
        if (components[head]! < 0) lowest[node] = Math.min(lowest[node]!, lowest[head]!)
        nextArc[node]!++
      }
      if (child >= 0) {
        path[depth++] = child
        continue
      }
      depth--
      if (lowest[node] !== order[node]) continue
      let member: number
      do {
        member = open[--opened]!
        components[member] = count
      } while (member !== node)
      count++
    }
  }
  return { components, count }
}
