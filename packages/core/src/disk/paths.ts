import { isUtf8 } from 'node:buffer'
import type { DiskEntry, DiskPath } from './disk.ts'

const slash = 0x2f

/**
 * A folder's path and a name in it as one path. The result is bytes when either of them is.
 *
 * @example
 * ```ts
 * import { joinPath } from '@exprsn/core/disk'
 *
 * console.log(joinPath('/var/data', 'orders.db')) // /var/data/orders.db
 * ```
 */
export function joinPath(folder: DiskPath, name: DiskPath): DiskPath {
  if (typeof folder === 'string' && typeof name === 'string')
    return folder === '' || folder.endsWith('/') ? folder + name : `${folder}/${name}`
  const front = pathBytes(folder)
  const separator = front.length === 0 || front.at(-1) === slash ? [] : [slash]
  return Uint8Array.from([...front, ...separator, ...pathBytes(name)])
}

/**
 * The path of the folder that a path lies in: `.` for a bare name, `/` for the root itself.
 *
 * @example
 * ```ts
 * import { parentPath } from '@exprsn/core/disk'
 *
 * console.log(parentPath('/var/data/orders.db')) // /var/data
 * ```
 */
export function parentPath(path: DiskPath): DiskPath {
  const bytes = pathBytes(path)
  let end = bytes.length
  while (end > 1 && bytes[end - 1] === slash) end--
  while (end > 0 && bytes[end - 1] !== slash) end--
  if (end === 0) return '.'
  while (end > 1 && bytes[end - 1] === slash) end--
  return textOrBytes(bytes.subarray(0, end))
}

/** The name of an entry as it has to be used in a path: its raw bytes where they are not valid UTF-8. */
export function entryName(entry: DiskEntry): DiskPath {
  return entry.rawName ?? entry.name
}

/** A path for people: bytes that are not UTF-8 show as replacement characters. */
export function displayPath(path: DiskPath): string {
  return typeof path === 'string' ? path : Buffer.from(path).toString()
}

/** A path's bytes. */
export function pathBytes(path: DiskPath): Uint8Array {
  return typeof path === 'string' ? Buffer.from(path) : path
}

/** Text when bytes are valid UTF-8, else a copy of the bytes. */
export function textOrBytes(bytes: Uint8Array): DiskPath {
  return isUtf8(bytes) ? Buffer.from(bytes).toString() : Uint8Array.from(bytes)
}
