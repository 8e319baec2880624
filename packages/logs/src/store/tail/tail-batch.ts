import type { LogLine } from '../query/collect-lines.ts'
import type { LineRun, OnLine } from './line-run.ts'

/** What a tail gives next. */
export interface TailBatch {
  /** How many lines. */
  readonly count: number
  /** Lines that matched after these and were not kept because the reader was slow. */
  readonly dropped: number
  /** The lines, which are made when they are asked for. */
  lines(): Iterable<LogLine>
  /** Calls with each line where it lies, its bytes from `start` to `end`: for those who only pass them on. */
  forEach(onLine: OnLine): void
}

/** A batch of runs. */
export function tailBatch(runs: readonly LineRun[], dropped: number): TailBatch {
  return {
    count: runs.reduce((sum, { count }) => sum + count, 0),
    dropped,
    *lines() {
      for (const run of runs) yield* run.lines()
    },
    forEach(onLine) {
      for (const run of runs) run.forEach(onLine)
    },
  }
}
