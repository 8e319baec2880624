import type { StatsFunction } from './filter.ts'

/** One column of `stats`, over all groups. */
export interface Accumulator {
  addRow(group: number, count: number): void
  addValue(group: number, value: string | number): void
  /** @param seconds that the query covers */
  result(group: number, seconds: number): number | string | null
}

/** Makes the accumulator of a function. `onKept` is called for every value that has to be remembered. */
export function createAccumulator({ name, fraction = 0.5 }: StatsFunction, onKept: () => void): Accumulator {
  if (name === 'count' || name === 'rate') return counting(name === 'rate')
  if (name === 'distinct') return distinct(onKept)
  if (name === 'quantile') return quantile(fraction, onKept)
  if (name === 'min' || name === 'max') return extreme(name === 'min' ? -1 : 1)
  return summing(name === 'avg')
}

function counting(isRate: boolean): Accumulator {
  const counts: number[] = []
  const add = (group: number, count: number): void => {
    while (counts.length <= group) counts.push(0)
    counts[group]! += count
  }
  return {
    addRow: add,
    addValue: (group) => add(group, 1),
    result: (group, seconds) => (counts[group] ?? 0) / (isRate ? seconds : 1),
  }
}

function distinct(onKept: () => void): Accumulator {
  const values: (Set<string> | undefined)[] = []
  return {
    addRow: () => {},
    addValue(group, value) {
      const seen = (values[group] ??= new Set())
      const before = seen.size
      seen.add(String(value))
      if (seen.size > before) onKept()
    },
    result: (group) => values[group]?.size ?? 0,
  }
}

/**
 * Exact, by the nearest rank: the least value that the fraction of all values does not exceed. Each value is kept once, with how
 * often it came: durations and sizes of millions of lines are few.
 */
function quantile(fraction: number, onKept: () => void): Accumulator {
  const counts: (Map<number, number> | undefined)[] = []
  return {
    addRow: () => {},
    addValue(group, value) {
      const number = toNumber(value)
      if (number === undefined) return
      const own = (counts[group] ??= new Map())
      const known = own.get(number)
      if (known === undefined) onKept()
      own.set(number, (known ?? 0) + 1)
    },
    result: (group) => nearestRank(counts[group] ?? new Map(), fraction),
  }
}

/** @param counts how often each value came */
function nearestRank(counts: ReadonlyMap<number, number>, fraction: number): number | null {
  const sorted = Float64Array.from(counts.keys()).sort()
  const total = sorted.reduce((sum, value) => sum + counts.get(value)!, 0)
  const rank = Math.max(1, Math.ceil(fraction * total))
  let passed = 0
  return sorted.find((value) => (passed += counts.get(value)!) >= rank) ?? null
}

function extreme(sign: -1 | 1): Accumulator {
  const best: (number | undefined)[] = []
  return {
    addRow: () => {},
    addValue(group, value) {
      const number = toNumber(value)
      if (number === undefined) return
      const known = best[group]
      if (known === undefined || (number - known) * sign > 0) best[group] = number
    },
    result: (group) => best[group] ?? null,
  }
}

function summing(isAverage: boolean): Accumulator {
  const sums: number[] = []
  const counts: number[] = []
  return {
    addRow: () => {},
    addValue(group, value) {
      const number = toNumber(value)
      if (number === undefined) return
      sums[group] = (sums[group] ?? 0) + number
      counts[group] = (counts[group] ?? 0) + 1
    },
    result(group) {
      const count = counts[group] ?? 0
      if (count === 0) return null
      return isAverage ? sums[group]! / count : sums[group]!
    },
  }
}

/** Texts that are numbers count as such; others are passed over. */
function toNumber(value: string | number): number | undefined {
  if (typeof value === 'number') return value
  if (value === '' || value.trim() !== value) return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}
