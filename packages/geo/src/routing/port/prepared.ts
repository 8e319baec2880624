import type { Section, SectionLookup } from '../../graph/file/section.ts'
import type { RoadGraph } from '../../graph/road-graph.ts'
import { stateGraph } from '../../graph/state-graph.ts'
import { contractGraph } from '../hierarchy/build-hierarchy.ts'
import type { Hierarchy } from '../hierarchy/hierarchy.ts'
import { segmentCells, type SegmentCells } from '../snap/segment-cells.ts'
import { cellSections, readCells } from './cell-sections.ts'
import { checkSection, intsOf, intsWithin, rowsOf } from './section-checks.ts'
import { readStates, stateSections } from './state-sections.ts'

/** What is made of a graph before questions are answered. */
export interface Prepared {
  readonly hierarchy: Hierarchy
  /** Per arc of the hierarchy's graph its edge, or its arc of `turns`. */
  readonly origins: Int32Array
  /** Of the graph's roads; undefined where they are to be laid out for the first request. */
  readonly cells?: SegmentCells | undefined
}

export function prepare(graph: RoadGraph): Prepared {
  const states = stateGraph(graph)
  return { hierarchy: contractGraph(states), origins: states.origins }
}

const firstOfPrepared = 'hierarchy.places'

/** Whether a graph's file holds what is made of it. */
export function holdsPrepared(sections: SectionLookup): boolean {
  return sections.has(firstOfPrepared)
}

/** As lists of a graph's file. */
export function sectionsOf({ hierarchy, origins }: Prepared, graph: RoadGraph): Map<string, Section> {
  const { places, first, edges, between, arcs } = hierarchy
  return new Map([
    [firstOfPrepared, places],
    ['hierarchy.first', first],
    ['hierarchy.edges', edges],
    ['hierarchy.between', between],
    ...stateSections(graph, { arcs, origins }),
    ...cellSections(segmentCells(graph.roads)),
  ])
}

/**
 * From a graph's file.
 *
 * @returns undefined where the file holds only the graph
 * @throws `GEO_GRAPH_FILE_INVALID`
 */
export function readPrepared(graph: RoadGraph, sections: SectionLookup): Prepared | undefined {
  if (!holdsPrepared(sections)) return undefined
  const { arcs, origins } = readStates(graph, sections)
  const nodes = arcs.first.length - 1
  const first = rowsOf(sections, 'hierarchy.first', nodes)
  const [edges, between] = [intsOf(sections, 'hierarchy.edges'), intsOf(sections, 'hierarchy.between')]
  const places = intsWithin(sections, firstOfPrepared, nodes)
  checkSection(places.length === nodes, firstOfPrepared)
  checkSection(edges.length === first[nodes]! * 2 && between.length === first[nodes], 'hierarchy.edges')
  checkEdges({ nodes, first, edges, between })
  return { hierarchy: { nodes, places, first, edges, between, arcs }, origins, cells: readCells(graph.roads, sections) }
}

/** Edges lead up, and what they stand for stands in the row of a place below both ends: so no search runs for ever. */
function checkEdges({ nodes, first, edges, between }: Omit<Hierarchy, 'places' | 'arcs'>): void {
  for (let place = 0; place < nodes; place++)
    for (let edge = first[place]!; edge < first[place + 1]!; edge++) {
      checkSection(edges[edge * 2]! >= 0 && edges[edge * 2]! < place && edges[edge * 2 + 1]! >= 0, 'hierarchy.edges')
      checkSection(between[edge]! < 0 || (between[edge]! > place && between[edge]! < nodes), 'hierarchy.between')
    }
}
