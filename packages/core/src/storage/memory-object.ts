import { chunksOf, storedObject } from './content.ts'
import type { GetOptions, ObjectInfo, StoredObject } from './object-store.ts'
import { resolveRange } from './range.ts'

/** An object that lies in memory. */
export interface MemoryObject {
  readonly info: ObjectInfo
  readonly bytes: Uint8Array
}

/** The object as `get` gives it. */
export function readMemoryObject({ info, bytes }: MemoryObject, range: GetOptions['range']): StoredObject {
  const { start, end } = resolveRange(info.key, range, info.size)
  return storedObject(info, () => chunksOf(bytes.slice(start, end)))
}
