import type { Position } from '../../coordinates/position.ts'
import type { RoadGraph } from '../../graph/road-graph.ts'
import { textAt } from '../../graph/text-table.ts'
import { metresOf, millisecondsOf } from '../route/path-lengths.ts'
import type { RoadPath } from '../route/road-path.ts'
import { bearingAtBegin } from './edge-bearings.ts'
import type { Instruction, InstructionLanguage, Maneuver } from './instruction.ts'
import { languages, type Phrases } from './languages.ts'
import { branches, isRoundabout, maneuverAt } from './maneuver-at.ts'
import { wording } from './wording.ts'

/** A leg as it was drawn. */
export interface LegOfPath {
  readonly path: RoadPath
  /** Per edge the place in the geometry where it begins. */
  readonly starts: Int32Array
  /** The place of the leg's last point. */
  readonly last: number
}

interface Draft {
  readonly maneuver: Maneuver
  readonly edge: number
  readonly point: number
  readonly exit?: number | undefined
  /** Metres and milliseconds that follow. */
  metres: number
  milliseconds: number
}

/** What to do on a way, in order: depart, turns, arrive. */
export function instructionsFor(
  graph: RoadGraph,
  legs: readonly LegOfPath[],
  { geometry, language }: { readonly geometry: readonly Position[]; readonly language: InstructionLanguage },
): Instruction[] {
  const drafts: Draft[] = []
  for (const [index, leg] of legs.entries()) {
    addLeg(graph, leg, drafts)
    const edge = leg.path.edges.at(-1)!
    const maneuver = index === legs.length - 1 ? 'arrive' : 'via'
    drafts.push({ maneuver, edge, point: leg.last, metres: 0, milliseconds: 0 })
  }
  return drafts.map((draft) => toInstruction(graph, draft, { geometry, phrases: languages[language] }))
}

function addLeg(graph: RoadGraph, { path, starts }: LegOfPath, drafts: Draft[]): void {
  const { edges } = path
  let current: Draft = { maneuver: 'depart', edge: edges[0]!, point: starts[0]!, metres: 0, milliseconds: 0 }
  drafts.push(current)
  for (let index = 0; index < edges.length; index++) {
    const next = index === 0 ? undefined : draftAt(graph, edges, { index, point: starts[index]! })
    if (next !== undefined) drafts.push((current = next))
    current.metres += metresOf(graph, path, index)
    current.milliseconds += millisecondsOf(graph, path, index) + path.turnCosts[index]!
  }
}

function draftAt(
  graph: RoadGraph,
  edges: readonly number[],
  { index, point }: { readonly index: number; readonly point: number },
): Draft | undefined {
  const before = edges[index - 1]!
  const edge = edges[index]!
  if (isRoundabout(graph, edge)) {
    if (isRoundabout(graph, before)) return undefined
    return { maneuver: 'roundabout', ...exitOf(graph, edges, index), point, metres: 0, milliseconds: 0 }
  }
  // How to leave a roundabout was said on the way in.
  if (isRoundabout(graph, before) && edges.slice(0, index).some((one) => !isRoundabout(graph, one))) return undefined
  const maneuver = maneuverAt(graph, before, edge)
  return maneuver === undefined ? undefined : { maneuver, edge, point, metres: 0, milliseconds: 0 }
}

/** The edge that a roundabout is left by, and how many ways lead out of it up to that one. */
function exitOf(graph: RoadGraph, edges: readonly number[], index: number): { edge: number; exit: number } {
  let exit = 0
  for (let at = index + 1; at < edges.length; at++) {
    const waysOut = [edges[at]!, ...branches(graph, edges[at - 1]!, edges[at]!)].filter(
      (edge) => !isRoundabout(graph, edge),
    )
    if (waysOut.length > 0) exit++
    if (!isRoundabout(graph, edges[at]!)) return { edge: edges[at]!, exit }
  }
  // The way ends in the roundabout.
  return { edge: edges.at(-1)!, exit: exit + 1 }
}

interface Wording {
  readonly geometry: readonly Position[]
  readonly phrases: Phrases
}

function toInstruction(graph: RoadGraph, draft: Draft, { geometry, phrases }: Wording): Instruction {
  const { maneuver, edge, point, exit, metres, milliseconds } = draft
  const name = nameOf(graph, edge)
  return {
    maneuver,
    text: wording(phrases, maneuver, { name, bearing: bearingAtBegin(graph, edge), exit }),
    name,
    distance: metres,
    duration: milliseconds / 1_000,
    position: geometry[point]!,
    point,
    ...(exit === undefined ? {} : { exit }),
  }
}

function nameOf({ texts, roads, edges }: RoadGraph, edge: number): string {
  const road = edges.roads[edge]! >> 1
  return textAt(texts, roads.names[road] === 0 ? roads.references[road]! : roads.names[road]!)
}
