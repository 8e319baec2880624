import { join, sep } from 'node:path'
import { storageErrors } from '../errors.ts'
import { checkKey } from '../key.ts'

/** The folder inside a store's folder that holds what is not an object: temporary files, metadata, locks. */
export const privateFolder = '.exprsn'

const longestName = 255

/**
 * The path of the file that is the object of this key.
 *
 * @throws `CORE_STORAGE_KEY_INVALID` for keys that no store accepts, and for those that a folder cannot hold: a part of
 * more than 255 bytes, a first part `.exprsn`, and a backslash where that separates folders.
 */
export function keyPath(folder: string, key: string): string {
  const reason = folderKeyProblem(checkKey(key))
  if (reason !== undefined) throw storageErrors.CORE_STORAGE_KEY_INVALID({ key, reason })
  return join(folder, ...key.split('/'))
}

/** Why a valid key cannot be a file in a folder. */
export function folderKeyProblem(key: string): string | undefined {
  const parts = key.split('/')
  // Case does not matter to some file systems.
  if (parts[0]!.toLowerCase() === privateFolder) return `"${privateFolder}" is the store's own folder`
  if (parts.some((part) => Buffer.byteLength(part) > longestName))
    return `one of its parts is longer than ${longestName} bytes`
  return sep === '\\' && key.includes('\\') ? 'it contains a backslash' : undefined
}
