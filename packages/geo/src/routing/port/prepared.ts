import { graphErrors } from '../../graph/errors.ts'
import type { Section } from '../../graph/file/section.ts'
import type { RoadGraph } from '../../graph/road-graph.ts'
import { stateGraph } from '../../graph/state-graph.ts'
import { contractGraph } from '../hierarchy/build-hierarchy.ts'
import type { Hierarchy } from '../hierarchy/hierarchy.ts'

/** What is made of a graph before questions are answered. */
export interface Prepared {
  readonly hierarchy: Hierarchy
  /** Per arc of the hierarchy's graph its edge, or its arc of `turns`. */
  readonly origins: Int32Array
}

export function prepare(graph: RoadGraph): Prepared {
  const states = stateGraph(graph)
  return { hierarchy: contractGraph(states), origins: states.origins }
}

/** As lists of a graph's file. */
export function sectionsOf({ hierarchy, origins }: Prepared): Map<string, Section> {
  const { places, first, edges, between, arcs } = hierarchy
  return new Map([
    ['hierarchy.places', places],
    ['hierarchy.first', first],
    ['hierarchy.edges', edges],
    ['hierarchy.between', between],
    ['states.first', arcs.first],
    ['states.heads', arcs.heads],
    ['states.origins', origins],
  ])
}

/**
 * From a graph's file.
 *
 * @returns undefined where the file holds only the graph
 * @throws `GEO_GRAPH_FILE_INVALID`
 */
export function readPrepared(graph: RoadGraph, sections: ReadonlyMap<string, Section>): Prepared | undefined {
  if (!sections.has('hierarchy.places')) return undefined
  const nodes = graph.turns === undefined ? graph.nodes.longitudes.length : graph.turns.edges.length
  const origins = list(sections, 'states.origins')
  const arcs = { first: rows(sections, 'states.first', nodes), heads: within(sections, 'states.heads', nodes) }
  const first = rows(sections, 'hierarchy.first', nodes)
  const [edges, between] = [list(sections, 'hierarchy.edges'), list(sections, 'hierarchy.between')]
  const places = within(sections, 'hierarchy.places', nodes)
  check(places.length === nodes, 'hierarchy.places')
  check(origins.length === arcs.first[nodes] && arcs.heads.length === origins.length, 'states.origins')
  check(edges.length === first[nodes]! * 2 && between.length === first[nodes], 'hierarchy.edges')
  checkEdges({ nodes, first, edges, between })
  const origin = graph.turns === undefined ? graph.edges.heads.length : graph.turns.heads.length
  check(
    origins.every((one) => one >= 0 && one < origin),
    'states.origins',
  )
  return { hierarchy: { nodes, places, first, edges, between, arcs }, origins }
}

/** Edges lead up, and what they stand for stands in the row of a place below both ends: so no search runs for ever. */
function checkEdges({ nodes, first, edges, between }: Omit<Hierarchy, 'places' | 'arcs'>): void {
  for (let place = 0; place < nodes; place++)
    for (let edge = first[place]!; edge < first[place + 1]!; edge++) {
      check(edges[edge * 2]! >= 0 && edges[edge * 2]! < place && edges[edge * 2 + 1]! >= 0, 'hierarchy.edges')
      check(between[edge]! < 0 || (between[edge]! > place && between[edge]! < nodes), 'hierarchy.between')
    }
}

function list(sections: ReadonlyMap<string, Section>, name: string): Int32Array {
  const section = sections.get(name)
  if (!(section instanceof Int32Array)) throw invalid(name)
  return section
}

/** Where rows begin: from 0, never falling. */
function rows(sections: ReadonlyMap<string, Section>, name: string, count: number): Int32Array {
  const first = list(sections, name)
  check(first.length === count + 1 && first[0] === 0, name)
  for (let row = 0; row < count; row++) check(first[row]! <= first[row + 1]!, name)
  return first
}

function within(sections: ReadonlyMap<string, Section>, name: string, end: number): Int32Array {
  const values = list(sections, name)
  for (let at = 0; at < values.length; at++) check(values[at]! >= 0 && values[at]! < end, name)
  return values
}

function check(holds: boolean, name: string): void {
  if (!holds) throw invalid(name)
}

function invalid(name: string) {
  return graphErrors.GEO_GRAPH_FILE_INVALID({ offset: 0, reason: `${name} does not fit the graph` })
}
