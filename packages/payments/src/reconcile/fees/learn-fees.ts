import type { Movement } from '../movements/movement.ts'

/** What fees look like that no rule explains. */
export interface LearnedFees {
  readonly rate: number
  /** Minor units. */
  readonly fixed: number
  readonly unusual: readonly { readonly movement: Movement; readonly usual: bigint }[]
}

/** Fewer say nothing. */
const fewest = 8
/** Pairs of a sample: enough for a median. */
const mostSampled = 150
/** Robust deviations (Iglewicz and Hoaglin, "How to Detect and Handle Outliers", 1993). */
const threshold = 3.5
/** What the median of absolute deviations is of a standard deviation. */
const normal = 0.6745

/**
 * Fits a rate and a fixed part by the median of the slopes of all pairs (Theil and Sen), which a quarter of wrong fees does not
 * move, and finds what lies far from it. Undefined for fewer than eight movements.
 */
export function learnFees(movements: readonly Movement[]): LearnedFees | undefined {
  if (movements.length < fewest) return undefined
  const points = movements
    .map((movement) => ({ movement, x: Math.abs(Number(movement.amount.amount)), y: Number(movement.fee) }))
    .toSorted((a, b) => a.x - b.x || (a.movement.id < b.movement.id ? -1 : 1))
  const step = Math.max(1, points.length / mostSampled)
  const sample = Array.from(
    { length: Math.min(points.length, mostSampled) },
    (_, index) => points[Math.floor(index * step)]!,
  )
  const slopes = sample.flatMap((a, index) =>
    sample.slice(index + 1).flatMap((b) => (a.x === b.x ? [] : [(b.y - a.y) / (b.x - a.x)])),
  )
  const rate = slopes.length === 0 ? 0 : median(slopes)
  const fixed = median(points.map(({ x, y }) => y - rate * x))
  const rests = points.map(({ x, y }) => y - rate * x - fixed)
  // Rounding alone moves a fee by half a minor unit.
  const spread = Math.max(0.5, median(rests.map(Math.abs)))
  const unusual = points.flatMap(({ movement, x }, index) =>
    (normal * Math.abs(rests[index]!)) / spread > threshold
      ? [{ movement, usual: BigInt(Math.round(rate * x + fixed)) }]
      : [],
  )
  return { rate, fixed, unusual }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
