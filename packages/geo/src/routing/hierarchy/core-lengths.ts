import type { CoreLengths, Hierarchy } from './hierarchy.ts'
import { createMatrix } from './matrix.ts'
import { unreached } from './witness-search.ts'

/** More makes long queries little faster and the table large. */
const mostPlaces = 1024

/** Lengths between the most important places, as many as there are rows in a square of all: four bytes per node. */
export function coreLengths(hierarchy: Hierarchy): CoreLengths {
  const places = Math.min(mostPlaces, Math.floor(Math.sqrt(hierarchy.nodes)))
  const nodes = new Int32Array(places)
  hierarchy.places.forEach((place, node) => {
    if (place < places) nodes[place] = node
  })
  const { lengths } = createMatrix(hierarchy).between(nodes, nodes)
  return { places, lengths: Int32Array.from(lengths, (length) => (Number.isNaN(length) ? unreached : length)) }
}
