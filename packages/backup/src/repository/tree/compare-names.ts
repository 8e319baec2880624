import type { DiskPath } from '@exprsn/core/disk'
import { entryBytes } from './entry-bytes.ts'

/** From here on the order of UTF-16 is another than that of UTF-8. */
const firstSurrogate = 0xd800

/** Orders names by their bytes. A folder of a million takes twenty million comparisons: text is compared where it lies. */
export function compareNames(left: DiskPath, right: DiskPath): number {
  if (typeof left !== 'string' || typeof right !== 'string') return compareBytes(left, right)
  const length = Math.min(left.length, right.length)
  for (let at = 0; at < length; at++) {
    const [one, other] = [left.charCodeAt(at), right.charCodeAt(at)]
    if (one === other) continue
    return one < firstSurrogate && other < firstSurrogate ? one - other : compareBytes(left, right)
  }
  return left.length - right.length
}

function compareBytes(left: DiskPath, right: DiskPath): number {
  return Buffer.compare(entryBytes(left), entryBytes(right))
}
