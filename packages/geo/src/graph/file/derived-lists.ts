import type { RoadEdges, RoadGraph, Roads } from '../road-graph.ts'

/** The nodes that edges leave, by the rows of edges. */
export function tailsOf({ first, heads }: Pick<RoadEdges, 'first' | 'heads'>): Int32Array {
  const tails = sharedInts(heads.length)
  for (let node = 0; node + 1 < first.length; node++)
    for (let edge = first[node]!; edge < first[node + 1]!; edge++) tails[edge] = node
  return tails
}

/** The edges that lead along each road, by the roads of the edges. */
export function edgesAlong(edgeRoads: Int32Array, roads: number): Pick<Roads, 'forward' | 'backward'> {
  const forward = sharedInts(roads).fill(-1)
  const backward = sharedInts(roads).fill(-1)
  for (let edge = 0; edge < edgeRoads.length; edge++) {
    const road = edgeRoads[edge]!
    const along = (road & 1) === 0 ? forward : backward
    along[road >> 1] = edge
  }
  return { forward, backward }
}

/** Lists of a graph that need not be written, by the names of their sections: they follow from the others. */
export function derivedSections({ edges, roads }: Pick<RoadGraph, 'edges' | 'roads'>): Set<string> {
  const { forward, backward } = edgesAlong(edges.roads, roads.lengths.length)
  const names = new Set<string>()
  if (areEqual(edges.tails, tailsOf(edges))) names.add('edges.tails')
  if (areEqual(roads.forward, forward) && areEqual(roads.backward, backward))
    names.add('roads.forward').add('roads.backward')
  return names
}

/** Whether two lists hold the same numbers. */
export function areEqual(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index])
}

/** Zeros in memory that threads share. */
function sharedInts(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT))
}
