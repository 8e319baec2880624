import { storageErrors } from './errors.ts'
import type { GetOptions } from './object-store.ts'

/** A part of an object: `start` included, `end` excluded. */
export interface ResolvedRange {
  readonly start: number
  readonly end: number
}

/**
 * The bytes that a range names in an object of `size` bytes. The end is cut to the size.
 *
 * @throws `CORE_STORAGE_RANGE_INVALID` when the range is empty, is not made of whole numbers, or starts at or after the end.
 */
export function resolveRange(key: string, range: GetOptions['range'], size: number): ResolvedRange {
  if (range === undefined) return { start: 0, end: size }
  checkRange(key, range)
  if (range.start >= size) throw invalid(key, range, size)
  return { start: range.start, end: Math.min(range.end ?? size, size) }
}

/** Checks what can be checked of a range without knowing the object. */
export function checkRange(key: string, range: GetOptions['range']): void {
  if (range === undefined) return
  const { start, end } = range
  const valid =
    Number.isSafeInteger(start) && start >= 0 && (end === undefined || (Number.isSafeInteger(end) && end > start))
  if (!valid) throw invalid(key, range)
}

function invalid(key: string, { start, end }: NonNullable<GetOptions['range']>, size?: number) {
  return storageErrors.CORE_STORAGE_RANGE_INVALID({ key, start, end: end ?? 'the end', size })
}
