import type { GrowableInts } from './growable.ts'

/**
 * Edges that follow each other as one number: the last run of an entry is marked by the sign bit, 5 bits count the edges
 * less one, 26 bits name the first.
 */
const countBits = 5
const firstBits = 26
const countMask = 2 ** countBits - 1
const firstMask = 2 ** firstBits - 1
/** Edges in a row that one run can name. */
export const longestRun = 2 ** countBits

/** More points than this cannot be named in a run. */
export const mostPoints = 2 ** firstBits

/** Writes edges, ascending, as runs. */
export function pushRuns(list: GrowableInts, edges: Int32Array, from: number, count: number): void {
  for (let index = 0; index < count;) {
    const first = edges[from + index]!
    let length = 1
    while (length < longestRun && index + length < count && edges[from + index + length] === first + length) length++
    index += length
    const last = index === count ? 1 << 31 : 0
    list.push(last | ((length - 1) << firstBits) | first)
  }
}

/** A run of one edge, not the last. */
export function runOf(edge: number): number {
  return edge
}

/** Whether the run may have one edge more. */
export function mayGrow(run: number): boolean {
  return lengthOf(run) < longestRun
}

export function lengthened(run: number): number {
  return run + (1 << firstBits)
}

export function lastRun(run: number): number {
  return run | (1 << 31)
}

/** The first edge of a run. */
export function firstOf(run: number): number {
  return run & firstMask
}

/** How many edges a run has. */
export function lengthOf(run: number): number {
  return ((run >>> firstBits) & countMask) + 1
}
