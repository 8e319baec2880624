import { graphErrors } from '../errors.ts'
import type { RoadGraph, RoadTurns } from '../road-graph.ts'
import { roadClasses } from '../road-class.ts'
import { derivedSections, edgesAlong, tailsOf } from './derived-lists.ts'
import { intsAreWithin } from './ints-are-within.ts'
import type { Section, SectionFile, SectionLookup } from './section.ts'

/** What a file of a road graph calls itself. */
const roadGraphKind = 'road-graph'

/** A file of which sections are taken. */
type SectionSource = Omit<SectionFile, 'sections'> & { readonly sections: SectionLookup }

/** A graph as a file of sections, with those of others behind its own. */
export function sectionsOf(graph: RoadGraph, more: ReadonlyMap<string, Section>): SectionFile {
  const { profile, attribution, nodes, roads, edges, turns, texts, limits = {} } = graph
  const sections = new Map<string, Section>()
  const derived = derivedSections(graph)
  for (const [group, lists] of Object.entries({ nodes, roads, edges, turns: turns ?? {}, texts, limits }))
    for (const [list, section] of Object.entries(lists as Record<string, Section>)) {
      const name = `${group}.${list}`
      if (!derived.has(name)) sections.set(name, section)
    }
  for (const [name, section] of more) {
    if (sections.has(name) || derived.has(name))
      throw graphErrors.GEO_GRAPH_OPTION_INVALID({ option: 'sections', reason: `"${name}" is taken` })
    sections.set(name, section)
  }
  return { kind: roadGraphKind, properties: { profile, attribution }, sections }
}

/**
 * The graph in a file of sections. All numbers that lead somewhere are looked at, so that no later step meets one that leads
 * nowhere; the points of shapes, half of a file, lead nowhere.
 *
 * @throws `GEO_GRAPH_FILE_INVALID`
 */
export function graphOf({ kind, properties, sections }: SectionSource): RoadGraph {
  if (kind !== roadGraphKind) throw invalid(`it is a "${kind}"`)
  const { profile, attribution } = properties
  if (typeof profile !== 'string' || typeof attribution !== 'string') throw invalid('profile or attribution is missing')
  const ints = (name: string): Int32Array => expectType(sections.get(name), name, Int32Array)
  const bytes = (name: string): Uint8Array => expectType(sections.get(name), name, Uint8Array)
  const heads = ints('edges.heads')
  const first = ints('edges.first')
  checkRows('edges.first', first, heads.length)
  const lengths = ints('roads.lengths')
  const edgeRoads = ints('edges.roads')
  const graph: RoadGraph = {
    profile,
    attribution,
    nodes: { longitudes: ints('nodes.longitudes'), latitudes: ints('nodes.latitudes') },
    roads: {
      firstPoint: ints('roads.firstPoint'),
      points: ints('roads.points'),
      lengths,
      names: ints('roads.names'),
      references: ints('roads.references'),
      classes: bytes('roads.classes'),
      flags: bytes('roads.flags'),
      ...(sections.has('roads.forward')
        ? { forward: ints('roads.forward'), backward: ints('roads.backward') }
        : edgesAlong(edgeRoads, lengths.length)),
    },
    edges: {
      first,
      tails: sections.has('edges.tails') ? ints('edges.tails') : tailsOf({ first, heads }),
      heads,
      weights: ints('edges.weights'),
      roads: edgeRoads,
      components: ints('edges.components'),
    },
    turns: sections.has('turns.edges')
      ? {
          edges: ints('turns.edges'),
          firstCopy: ints('turns.firstCopy'),
          first: ints('turns.first'),
          heads: ints('turns.heads'),
          costs: ints('turns.costs'),
        }
      : undefined,
    texts: { first: ints('texts.first'), bytes: bytes('texts.bytes') },
    ...(sections.has('limits.roads') ? { limits: { roads: ints('limits.roads'), values: ints('limits.values') } } : {}),
  }
  checkGraph(graph)
  return graph
}

function checkGraph({ nodes, roads, edges, turns, texts, limits }: RoadGraph): void {
  const counts = {
    nodes: nodes.longitudes.length,
    roads: roads.lengths.length,
    edges: edges.heads.length,
    texts: Math.max(0, texts.first.length - 1),
  }
  const { forward, backward, firstPoint, points, lengths, names, references, classes, flags } = roads
  checkLengths('nodes', counts.nodes, [nodes.latitudes])
  checkLengths('roads', counts.roads, [names, references, classes, flags, forward, backward])
  checkLengths('edges', counts.edges, [edges.tails, edges.weights, edges.roads, edges.components])
  checkRange('nodes.longitudes', nodes.longitudes, -18e8, 18e8)
  checkRange('nodes.latitudes', nodes.latitudes, -9e8, 9e8)
  checkRows('texts.first', texts.first, texts.bytes.length)
  checkRows('roads.firstPoint', firstPoint, points.length / 2)
  checkLengths('roads.firstPoint', counts.roads + 1, [firstPoint])
  for (const [name, list] of Object.entries({ names, references }))
    checkRange(`roads.${name}`, list, 0, counts.texts - 1)
  checkRange('roads.lengths', lengths, 0, 2 ** 31 - 1)
  checkRange('roads.classes', classes, 0, roadClasses.length - 1)
  for (const [name, list] of Object.entries({ forward, backward }))
    checkRange(`roads.${name}`, list, -1, counts.edges - 1)
  checkLengths('edges.first', counts.nodes + 1, [edges.first])
  for (const name of ['tails', 'heads'] as const) checkRange(`edges.${name}`, edges[name], 0, counts.nodes - 1)
  checkRange('edges.weights', edges.weights, 0, 2 ** 29 - 1)
  checkRange('edges.roads', edges.roads, 0, counts.roads * 2 - 1)
  checkRange('edges.components', edges.components, -1, counts.edges - 1)
  if (turns !== undefined) checkTurns(turns, counts.edges)
  if (limits === undefined) return
  checkRange('limits.roads', limits.roads, 0, counts.roads - 1)
  checkLengths('limits.values', limits.roads.length * 6, [limits.values])
}

function checkTurns({ edges, firstCopy, first, heads, costs }: RoadTurns, count: number): void {
  checkLengths('turns.first', edges.length + 1, [first])
  checkLengths('turns.costs', heads.length, [costs])
  checkLengths('turns.firstCopy', count + 1, [firstCopy])
  checkRange('turns.edges', edges, 0, count - 1)
  checkRows('turns.first', first, heads.length)
  checkRange('turns.heads', heads, 0, edges.length - 1)
  checkRange('turns.costs', costs, 0, 2 ** 29 - 1)
  if (edges.length < count || firstCopy[0] !== count)
    throw invalid('the states of "turns.edges" are not those of the edges')
  checkRows('turns.firstCopy', firstCopy, edges.length, count)
}

function checkLengths(group: string, length: number, lists: readonly Section[]): void {
  if (lists.some((list) => list.length !== length)) throw invalid(`the lists of "${group}" are not of one length`)
}

function checkRange(name: string, list: Int32Array | Uint8Array, least: number, most: number): void {
  const isWithin = list instanceof Int32Array ? intsAreWithin(list, least, most) : list.every((value) => value <= most)
  if (isWithin) return
  const index = list.findIndex((value) => value < least || value > most)
  throw invalid(`"${name}" holds ${list[index]} at place ${index}`)
}

/** A list of rows begins with the first place, never goes back, and ends with the count. */
function checkRows(name: string, first: Int32Array, count: number, begin = 0): void {
  let before = begin
  for (let index = 0; index < first.length; index++) {
    if (first[index]! < before) throw invalid(`"${name}" goes back at place ${index}`)
    before = first[index]!
  }
  if (first.length === 0 || first[0] !== begin || before !== count)
    throw invalid(`"${name}" does not span what it should`)
}

function expectType<List extends Section>(
  section: Section | undefined,
  name: string,
  Type: new (length: number) => List,
): List {
  if (!(section instanceof Type)) throw invalid(`the section "${name}" is missing or of another type`)
  return section
}

function invalid(reason: string) {
  return graphErrors.GEO_GRAPH_FILE_INVALID({ offset: 0, reason })
}
