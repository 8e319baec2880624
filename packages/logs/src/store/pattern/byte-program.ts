import type { PatternNode } from './pattern-node.ts'
import { utf8Ranges } from './utf8-ranges.ts'

/** A step of a nondeterministic automaton over bytes (Thompson, "Regular Expression Search Algorithm", CACM 11:6, 1968). */
export type Step =
  /** Takes a byte of a range. */
  | { readonly type: 'byte'; readonly from: number; readonly to: number; next: number }
  /** Goes on at several places. */
  | { readonly type: 'fork'; readonly nexts: number[] }
  /** Goes on at the beginning of the text, or at its end. */
  | { readonly type: 'begin' | 'end'; next: number }
  | { readonly type: 'match' }

/** Programs with more steps are not made: each state of an automaton would take long to work out. */
const mostSteps = 1_000

/** The steps of a pattern, of which the last is where it begins; undefined where they are too many. */
export function byteProgram(node: PatternNode): readonly Step[] | undefined {
  const steps: Step[] = [{ type: 'match' }]
  const start = append(steps, node, 0)
  if (start === undefined) return undefined
  steps.push({ type: 'fork', nexts: [start] })
  return steps
}

/** Puts the steps of a node before those at `next`, and returns where they begin. */
function append(steps: Step[], node: PatternNode, next: number): number | undefined {
  if (steps.length > mostSteps) return undefined
  switch (node.type) {
    case 'char': {
      const nexts = []
      for (const range of node.ranges)
        for (const bytes of utf8Ranges(range)) {
          let at = next
          for (const [from, to] of bytes.toReversed()) at = steps.push({ type: 'byte', from, to, next: at }) - 1
          nexts.push(at)
        }
      return nexts.length === 1 ? nexts[0]! : steps.push({ type: 'fork', nexts }) - 1
    }
    case 'sequence': {
      let at: number | undefined = next
      for (const each of node.nodes.toReversed()) if (at !== undefined) at = append(steps, each, at)
      return at
    }
    case 'choice': {
      const nexts = node.nodes.map((each) => append(steps, each, next))
      return nexts.every((each) => each !== undefined) ? steps.push({ type: 'fork', nexts }) - 1 : undefined
    }
    case 'repeat':
      return appendRepeat(steps, node, next)
    case 'begin':
    case 'end':
      return steps.push({ type: node.type, next }) - 1
  }
}

function appendRepeat(
  steps: Step[],
  { node, least, most }: Extract<PatternNode, { type: 'repeat' }>,
  next: number,
): number | undefined {
  let at: number | undefined = next
  if (most === Infinity) {
    const nexts = [next]
    at = steps.push({ type: 'fork', nexts }) - 1
    const body = append(steps, node, at)
    if (body === undefined) return undefined
    nexts.push(body)
  }
  // What may be there stands before what has to: each may be left out, with all that follow it.
  for (let time = most === Infinity ? least : most; time > 0; time--) {
    const body: number | undefined = at === undefined ? undefined : append(steps, node, at)
    if (body === undefined) return undefined
    at = time > least ? steps.push({ type: 'fork', nexts: [body, next] }) - 1 : body
  }
  return at
}
