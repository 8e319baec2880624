import type { SolveProgress } from '../solve/solve.ts'

/** How far a search is, with how far its best plan may be from the optimum at most. */
export interface PlanProgress extends SolveProgress {
  /** From 0 to 1: (cost − a lower bound) / cost. A rough bound, mostly much more than the true gap; undefined: none is known. */
  readonly gap?: number | undefined
}

const fields = 7
const costField = 4

/** Memory in which a thread leaves its progress for another; one writes, one reads. */
export function createProgressMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(fields * 8)
}

/** Leaves progress. The count comes last: whoever sees it sees the rest. */
export function writeProgress(
  memory: SharedArrayBuffer,
  { iterations, share, routes, unassigned, cost }: SolveProgress,
  bound: number,
): void {
  const cells = new Float64Array(memory)
  cells.set([iterations, share, routes, unassigned, cost, bound])
  Atomics.add(new Int32Array(memory, (fields - 1) * 8), 0, 1)
}

/** Notes that the search begins. */
export function writeStart(memory: SharedArrayBuffer): void {
  new Float64Array(memory)[costField] = NaN
  Atomics.add(new Int32Array(memory, (fields - 1) * 8), 0, 1)
}

/** What was left there last, no progress at the start; undefined where nothing was. */
export function readProgress(
  memory: SharedArrayBuffer,
): { readonly count: number; readonly progress: PlanProgress | undefined } | undefined {
  const count = Atomics.load(new Int32Array(memory, (fields - 1) * 8), 0)
  if (count === 0) return undefined
  const cells = new Float64Array(memory)
  const [iterations, share, routes, unassigned, cost, bound] = [...cells] as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const progress = Number.isNaN(cost)
    ? undefined
    : progressWithGap({ iterations, share, routes, unassigned, cost }, bound)
  return { count, progress }
}

/** Progress with its gap. */
function progressWithGap(progress: SolveProgress, bound: number): PlanProgress {
  const { cost } = progress
  if (!(bound > 0 && cost > 0) || cost === Infinity) return progress
  return { ...progress, gap: Math.max(0, (cost - bound) / cost) }
}
