/** Which of two values is the better one. */
export type Better = 'lower' | 'higher'

/** The middle value; the mean of the two middle ones when their number is even. */
export function median(values: readonly number[]): number {
  if (values.length === 0) return Number.NaN
  const sorted = values.toSorted((left, right) => left - right)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** How many times better ours is than the peer: above 1 we win. */
export function ratioOf(ours: number, peer: number, better: Better): number {
  return better === 'lower' ? peer / ours : ours / peer
}

/**
 * How far the median may still move: the half-width of a distribution-free 95 % interval of it, as a share of the
 * median. The interval is that between two order statistics (Conover, Practical Nonparametric Statistics, §3.2):
 * unlike a standard deviation it does not care about the rare round that the machine spent elsewhere.
 * Infinity while there are too few values to say.
 */
export function spread(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right)
  const reach = Math.floor((sorted.length - 1.96 * Math.sqrt(sorted.length)) / 2)
  if (reach < 1) return Number.POSITIVE_INFINITY
  return (sorted[sorted.length - reach]! - sorted[reach - 1]!) / 2 / median(sorted)
}
