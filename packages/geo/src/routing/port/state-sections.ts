import { areEqual } from '../../graph/file/derived-lists.ts'
import type { Section, SectionLookup } from '../../graph/file/section.ts'
import type { RoadGraph } from '../../graph/road-graph.ts'
import type { Hierarchy } from '../hierarchy/hierarchy.ts'
import { checkSection, intsWithin, rowsOf } from './section-checks.ts'

/** The arcs between states, and per arc its edge, or its arc of `turns`. */
export interface StateArcLists {
  readonly arcs: Hierarchy['arcs']
  readonly origins: Int32Array
}

const stateNames = ['states.first', 'states.heads', 'states.origins'] as const

/** The arcs as lists of a graph's file; none where they are the graph's own, as they are when no two are parallel. */
export function stateSections(graph: RoadGraph, { arcs, origins }: StateArcLists): [string, Section][] {
  const own = ownArcs(graph)
  // Heads differ within a row, and rows are in order of them: equal lists have equal origins, too.
  if (areEqual(arcs.first, own.first) && areEqual(arcs.heads, own.heads)) return []
  return [
    ['states.first', arcs.first],
    ['states.heads', arcs.heads],
    ['states.origins', origins],
  ]
}

/** From a graph's file. @throws `GEO_GRAPH_FILE_INVALID` */
export function readStates(graph: RoadGraph, sections: SectionLookup): StateArcLists {
  const own = ownArcs(graph)
  if (!stateNames.some((name) => sections.has(name))) return { arcs: own, origins: countUp(own.heads.length) }
  const states = own.first.length - 1
  const first = rowsOf(sections, 'states.first', states)
  const heads = intsWithin(sections, 'states.heads', states)
  const origins = intsWithin(sections, 'states.origins', own.heads.length)
  checkSection(origins.length === first[states] && heads.length === origins.length, 'states.origins')
  return { arcs: { first, heads }, origins }
}

function ownArcs({ edges, turns }: RoadGraph): Hierarchy['arcs'] {
  const { first, heads } = turns ?? edges
  return { first, heads }
}

/** 0, 1, 2 and so on. */
function countUp(count: number): Int32Array {
  const numbers = new Int32Array(count)
  for (let index = 0; index < count; index++) numbers[index] = index
  return numbers
}
