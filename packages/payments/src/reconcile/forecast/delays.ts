/** How long something took before, in days. */
export interface Delays {
  readonly median: number
  readonly ninthDecile: number
  /** How many times it was seen; 0 when the numbers are the defaults. */
  readonly samples: number
}

/** Nearest-rank quantiles; what was never seen takes the default. */
export function delaysOf(days: readonly number[], fallback: number): Delays {
  if (days.length === 0) return { median: fallback, ninthDecile: fallback, samples: 0 }
  const sorted = days.toSorted((a, b) => a - b)
  const quantile = (part: number): number => Math.max(0, sorted[Math.ceil(part * sorted.length) - 1]!)
  return { median: quantile(0.5), ninthDecile: quantile(0.9), samples: days.length }
}
