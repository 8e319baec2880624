import type { DiskPath } from '@exprsn/core/disk'

/** A name as bytes. */
export function entryBytes(name: DiskPath): Uint8Array {
  return typeof name === 'string' ? Buffer.from(name) : name
}
