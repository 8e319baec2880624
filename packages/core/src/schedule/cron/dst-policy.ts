import { scheduleErrors } from '../errors.ts'

/** What happens to times that a change of the clocks removes or repeats. */
export interface DstOptions {
  /**
   * For a named time that does not exist: `run-after` runs at the first instant after the gap (once, however many times
   * fell into it), `shift` as much later as the clocks were put forward, `skip` not at all.
   * @default 'run-after' where the hours are named, 'skip' where they begin with a star
   */
  readonly gap?: 'run-after' | 'shift' | 'skip' | undefined
  /**
   * For a named time that occurs twice: `once` runs at the first occurrence, `both` at each.
   * @default 'once' where the hours are named, 'both' where they begin with a star
   */
  readonly overlap?: 'once' | 'both' | undefined
}

/** The policy of one expression. */
export interface DstPolicy {
  readonly gap: 'run-after' | 'shift' | 'skip'
  readonly overlap: 'once' | 'both'
}

/**
 * Clocks that move by more than this were corrected, not put forward or back for the season, and the new time holds at
 * once: no day is made up for that a zone left out by crossing the date line. The limit is Vixie's (cron(8)).
 */
export const longestSeasonalChange = 3 * 3_600_000

/** Vixie's rule where nothing is chosen: named hours run once, open hours follow the time that really passes. */
export function dstPolicy({ gap, overlap }: DstOptions, isHourOpen: boolean): DstPolicy {
  assertOneOf('dst.gap', gap, ['run-after', 'shift', 'skip'])
  assertOneOf('dst.overlap', overlap, ['once', 'both'])
  return {
    gap: gap ?? (isHourOpen ? 'skip' : 'run-after'),
    overlap: overlap ?? (isHourOpen ? 'both' : 'once'),
  }
}

function assertOneOf(option: string, value: string | undefined, allowed: readonly string[]): void {
  if (value === undefined || allowed.includes(value)) return
  throw scheduleErrors.CORE_SCHEDULE_OPTIONS({ option, reason: `"${value}" is not one of ${allowed.join(', ')}` })
}
