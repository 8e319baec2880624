import type { OsmBlock } from '../osm/index.ts'
import { Collector } from './build/collect.ts'
import { componentsOfNodes, componentsOfStates } from './build/edge-components.ts'
import { joinPieces } from './build/join-pieces.ts'
import { layOut, type LaidOut } from './build/lay-out.ts'
import { noThroughAreas } from './build/no-through-areas.ts'
import { cutWays } from './build/pieces.ts'
import { UsedNodes } from './build/used-nodes.ts'
import { saveGraph, type SaveGraphOptions } from './file/road-graph-file.ts'
import { graphErrors } from './errors.ts'
import { checkProfile } from './profile/check-profile.ts'
import type { RoadProfile, TurnRules } from './profile/road-profile.ts'
import { roadFlags } from './road-class.ts'
import type { RoadGraph } from './road-graph.ts'
import { civilTime } from './turns/condition.ts'
import { expandTurns } from './turns/expand-turns.ts'
import { forbiddenSequences } from './turns/forbidden-sequences.ts'
import { SequenceAutomaton } from './turns/sequence-automaton.ts'
import { turnCosts } from './turns/turn-cost.ts'

/** Options of {@link buildGraph}. */
export interface BuildGraphOptions {
  /** Who travels. */
  readonly profile: RoadProfile
  /**
   * Civil time where the roads are, such as `2026-11-23T08:00`, at which conditional turn restrictions are looked up.
   * @default none: what is forbidden at some time is forbidden
   */
  readonly at?: string | undefined
  /** What has to be shown with results. @default '© OpenStreetMap contributors' */
  readonly attribution?: string | undefined
  /** Called after every block that was read, and when the graph is laid out. */
  readonly onProgress?: ((progress: BuildProgress) => void) | undefined
  /** Looked at after every block. */
  readonly signal?: AbortSignal | undefined
}

/** How far a graph is built. */
export interface BuildProgress {
  readonly phase: 'read' | 'roads' | 'turns'
  /** Nodes of the data. */
  readonly nodes: number
  /** Ways that the profile may use. */
  readonly ways: number
}

/** A graph, and what became of the data. */
export interface BuiltGraph extends RoadGraph {
  readonly report: BuildReport
  /** Writes it to a file; see `saveGraph`. */
  save(path: string, options?: SaveGraphOptions): Promise<void>
}

/** What became of the data. */
export interface BuildReport {
  /** Ways that the profile may use. */
  readonly ways: number
  /** Nodes of these ways that the data lacks: the ways end there. */
  readonly missingNodes: number
  readonly restrictions: {
    /** Those that bind the profile and are in the graph. */
    readonly applied: number
    /** Ids of those that would, but whose members are no path in the graph, or leave open which. */
    readonly unusable: readonly number[]
  }
}

/**
 * Builds the graph of the roads that a profile may use.
 *
 * @throws `GEO_PROFILE_INVALID`, `GEO_GRAPH_OPTION_INVALID`, `GEO_GRAPH_EMPTY`, what the blocks throw, the signal's reason
 * @example
 * ```ts
 * import { buildGraph, profiles } from '@exprsn/geo/graph'
 * import { readOsm } from '@exprsn/geo/osm'
 *
 * const line = { type: 'LineString', coordinates: [[9.52, 47.14], [9.53, 47.14]] }
 * const roads = readOsm(new TextEncoder().encode(JSON.stringify(line)), { tags: { highway: 'residential' } })
 * const graph = await buildGraph(roads, { profile: profiles.car })
 * console.log(graph.edges.weights.length, graph.roads.lengths[0]) // 2 75636
 * ```
 */
export async function buildGraph(
  blocks: AsyncIterable<OsmBlock> | Iterable<OsmBlock>,
  options: BuildGraphOptions,
): Promise<BuiltGraph> {
  const { profile, at, attribution = '© OpenStreetMap contributors', onProgress, signal } = options
  checkProfile(profile)
  if (at !== undefined && civilTime(at) === undefined)
    throw graphErrors.GEO_GRAPH_OPTION_INVALID({ option: 'at', reason: `"${at}" is no time such as 2026-11-23T08:00` })
  const data = new Collector(profile)
  let nodes = 0
  const report = (phase: BuildProgress['phase']): void => onProgress?.({ phase, nodes, ways: data.ways.length })
  for await (const block of blocks) {
    signal?.throwIfAborted()
    data.add(block)
    nodes += block.nodes.ids.length
    report('read')
  }
  report('roads')
  const used = new UsedNodes(data.ways, data.nodes)
  const laidOut = roadsOf(data, used)
  if (laidOut.edges.heads.length === 0) throw graphErrors.GEO_GRAPH_EMPTY({ profile: profile.name })
  report('turns')
  const { turns, components, restrictions } = turnsOf(laidOut, { data, used, rules: profile.turns, at })
  const graph: RoadGraph = {
    profile: profile.name,
    attribution,
    nodes: laidOut.nodes,
    roads: laidOut.roads,
    edges: { ...laidOut.edges, components },
    turns,
    texts: laidOut.texts,
    ...(profile.vehicle === undefined ? {} : { limits: laidOut.limits }),
  }
  return withSave(graph, { ways: data.ways.length, missingNodes: used.missing, restrictions })
}

/** `save` is not among the properties that are listed or copied, so that a graph can be sent to a thread. */
function withSave(graph: RoadGraph, report: BuildReport): BuiltGraph {
  const save = (path: string, options?: SaveGraphOptions): Promise<void> => saveGraph(graph, path, options)
  return Object.defineProperty({ ...graph, report }, 'save', { value: save }) as BuiltGraph
}

interface Drafts extends LaidOut {
  /** The roads of ways that are members of restrictions. */
  readonly roadsOfWays: ReadonlyMap<number, readonly number[]>
}

function roadsOf(data: Collector, used: UsedNodes): Drafts {
  const pieces = cutWays(data, used)
  const members = new Set(data.restrictions.flatMap(({ from, to, viaWays }) => [...from, ...to, ...viaWays]))
  const fixed = new Set<number>()
  for (const id of data.nodeRules.keys()) fixed.add(used.placeOf(id))
  for (const { viaNode } of data.restrictions) if (viaNode !== undefined) fixed.add(used.placeOf(viaNode))
  for (const { way, nodes } of pieces) if (members.has(way.id)) fixed.add(nodes[0]!).add(nodes.at(-1)!)
  const drafts = joinPieces(pieces, fixed)
  const rules = new Map([...data.nodeRules].map(([id, rule]) => [used.placeOf(id), rule]))
  const roadsOfWays = new Map<number, number[]>()
  drafts.forEach(({ way }, road) => {
    if (!members.has(way.id)) return
    const roads = roadsOfWays.get(way.id)
    if (roads === undefined) roadsOfWays.set(way.id, [road])
    else roads.push(road)
  })
  return { ...layOut(drafts, used, (node) => rules.get(node)), roadsOfWays }
}

interface TurnsInput {
  readonly data: Collector
  readonly used: UsedNodes
  readonly rules: TurnRules | undefined
  readonly at: string | undefined
}

function turnsOf(laidOut: Drafts, { data, used, rules, at }: TurnsInput) {
  const { edges, roads, sources, roadsOfWays } = laidOut
  if (rules === undefined)
    return { turns: undefined, components: componentsOfNodes(edges), restrictions: { applied: 0, unusable: [] } }
  const nodes = new Map<number, number>()
  sources.forEach((source, node) => nodes.set(source, node))
  const nodeOf = (id: number): number => nodes.get(used.placeOf(id)) ?? -1
  const { sequences, ...restrictions } = forbiddenSequences(
    data.restrictions,
    { laidOut, roadsOf: roadsOfWays, nodeOf },
    { turns: rules, at },
  )
  const areas = noThroughAreas(edges, (edge) => (roads.flags[edges.roads[edge]! >> 1]! & roadFlags.noThrough) !== 0)
  const isNoThrough = (edge: number): boolean => areas[edge] === 1
  const input = { edges, automaton: new SequenceAutomaton(sequences), cost: turnCosts(laidOut, rules), isNoThrough }
  const turns = expandTurns(input)
  const open = areas.includes(1) ? expandTurns({ ...input, isNoThrough: () => false }) : turns
  return { turns, components: componentsOfStates(open, edges.heads.length), restrictions }
}
