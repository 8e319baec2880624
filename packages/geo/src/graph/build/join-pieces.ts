import type { SizeLimits } from '../profile/size-limits.ts'
import type { Piece } from './pieces.ts'

/** A road before it gets its place in the graph. */
export interface DraftRoad {
  /** The way of its first piece, which stands for all: they differ in nothing that is kept. */
  readonly way: Piece['way']
  /** Places in the used nodes, both ends included. */
  readonly nodes: Int32Array
  /** km/h, 0 where closed. */
  readonly forward: number
  readonly backward: number
}

/** A piece and which way along it a walk goes: twice its index, and one more against its nodes. */
type Step = number

/**
 * Joins pieces where exactly two of them meet and nothing changes: the chains of a road network are half of its nodes.
 *
 * @param fixed nodes that remain ends
 */
export function joinPieces(pieces: readonly Piece[], fixed: ReadonlySet<number>): DraftRoad[] {
  const ends = endsByNode(pieces)
  const isJoined = new Uint8Array(pieces.length)
  const roads: DraftRoad[] = []
  const nextOf = (step: Step): Step => nextStep(pieces, ends, step, fixed)
  for (let piece = 0; piece < pieces.length; piece++) {
    if (isJoined[piece] === 1) continue
    const first = firstStep(piece * 2, nextOf)
    const steps: Step[] = []
    for (let step = first; step >= 0 && isJoined[step >> 1] === 0; step = nextOf(step)) {
      isJoined[step >> 1] = 1
      steps.push(step)
    }
    roads.push(roadOf(pieces, steps))
  }
  return roads
}

/** Goes back to where the chain of a step begins; round a ring to the step itself. */
function firstStep(start: Step, nextOf: (step: Step) => Step): Step {
  let step = start ^ 1
  for (let next = nextOf(step); next >= 0 && next >> 1 !== start >> 1; next = nextOf(step)) step = next
  return nextOf(step) >= 0 ? start : step ^ 1
}

/** The steps that leave each node, up to three: more are not told apart. */
function endsByNode(pieces: readonly Piece[]): Map<number, Step[]> {
  const ends = new Map<number, Step[]>()
  pieces.forEach(({ nodes }, index) => {
    for (const step of [index * 2, index * 2 + 1]) {
      const node = step % 2 === 0 ? nodes[0]! : nodes.at(-1)!
      const steps = ends.get(node)
      if (steps === undefined) ends.set(node, [step])
      else if (steps.length < 3) steps.push(step)
    }
  })
  return ends
}

/** The step that goes on where one ends, -1 where the road ends. */
function nextStep(pieces: readonly Piece[], ends: Map<number, Step[]>, step: Step, fixed: ReadonlySet<number>): Step {
  const { nodes } = pieces[step >> 1]!
  const node = step % 2 === 0 ? nodes.at(-1)! : nodes[0]!
  const steps = ends.get(node)!
  if (steps.length !== 2 || fixed.has(node)) return -1
  const next = steps[0]! >> 1 === step >> 1 ? steps[1]! : steps[0]!
  return next >> 1 !== step >> 1 && areAlike(pieces[step >> 1]!, pieces[next >> 1]!, (step ^ next) % 2 !== 0)
    ? next
    : -1
}

function areAlike(a: Piece, b: Piece, isTurned: boolean): boolean {
  const [forward, backward] = isTurned ? [b.backward, b.forward] : [b.forward, b.backward]
  return (
    a.forward === forward &&
    a.backward === backward &&
    a.way.rule.roadClass === b.way.rule.roadClass &&
    a.way.rule.flags === b.way.rule.flags &&
    areSame(a.way.rule.limits, b.way.rule.limits) &&
    a.way.name === b.way.name &&
    a.way.reference === b.way.reference
  )
}

function areSame(a: SizeLimits | undefined, b: SizeLimits | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return (Object.keys(a) as (keyof SizeLimits)[]).every((size) => a[size] === b[size])
}

function roadOf(pieces: readonly Piece[], steps: readonly Step[]): DraftRoad {
  const first = pieces[steps[0]! >> 1]!
  const isTurned = steps[0]! % 2 !== 0
  const parts = steps.map((step, index) => {
    const { nodes } = pieces[step >> 1]!
    const along = step % 2 === 0 ? nodes : nodes.toReversed()
    return index === 0 ? along : along.subarray(1)
  })
  const nodes = new Int32Array(parts.reduce((length, part) => length + part.length, 0))
  let to = 0
  for (const part of parts) {
    nodes.set(part, to)
    to += part.length
  }
  return {
    way: first.way,
    nodes,
    forward: isTurned ? first.backward : first.forward,
    backward: isTurned ? first.forward : first.backward,
  }
}
