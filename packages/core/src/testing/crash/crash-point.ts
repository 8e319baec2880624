import type { DiskFault, DiskOperation } from '../disk/operation.ts'

/** A moment at which the power is cut. */
export interface CrashPoint {
  /** The call that changes something, by its place in the run; undefined at the very end. */
  readonly operation: DiskOperation | undefined
  readonly moment: 'before' | 'halfway' | 'end'
}

/**
 * The moments worth trying in a run: before each call that changes something, halfway through each write, and at the
 * end. "After a call" is "before the next one"; around a call that only looks the disk is the same.
 */
export function crashPoints(operations: readonly DiskOperation[]): CrashPoint[] {
  const points = operations.flatMap((operation): CrashPoint[] =>
    operation.size === undefined || operation.size < 2
      ? [{ operation, moment: 'before' }]
      : [
          { operation, moment: 'before' },
          { operation, moment: 'halfway' },
        ],
  )
  return [...points, { operation: undefined, moment: 'end' }]
}

/** What befalls a call in a run that ends at this point. */
export function faultAt(point: CrashPoint, operation: DiskOperation): DiskFault | undefined {
  if (point.moment === 'end' || !operation.changes || operation.index !== point.operation?.index) return undefined
  return { crash: point.moment }
}

/** A point for people: `before fsync of /wal (operation 12)`. */
export function describePoint({ operation, moment }: CrashPoint): string {
  if (operation === undefined) return 'at the end'
  return `${moment} ${operation.name} of ${operation.path} (operation ${operation.index})`
}
