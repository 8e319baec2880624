import { repoErrors } from './errors.ts'

/** Longest path of a record: a collection of 317 characters, a slash and a record key of 512, with room to spare. */
export const longestPath = 1024

/** 1 for the characters of collections and record keys, 2 for the slash. */
export const pathCharacters = new Uint8Array(256)
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_:~') {
  pathCharacters[character.charCodeAt(0)] = 1
}
pathCharacters['/'.charCodeAt(0)] = 2

/** Where a record stands in its repository. */
export interface RecordPath {
  readonly collection: string
  readonly rkey: string
}

/**
 * Splits the path of a record.
 *
 * @throws `ATPROTO_PATH_INVALID`
 */
export function splitPath(path: string): RecordPath {
  if (!isRecordPath(path)) throw repoErrors.ATPROTO_PATH_INVALID({ path })
  const slash = path.indexOf('/')
  return { collection: path.slice(0, slash), rkey: path.slice(slash + 1) }
}

/** Whether the text is a collection and a record key with one slash between them. */
export function isRecordPath(path: string): boolean {
  return (
    path.length <= longestPath &&
    /^[A-Za-z0-9][A-Za-z0-9._:~-]*\/[A-Za-z0-9._:~-]+$/.test(path) &&
    !/\/\.\.?$/.test(path)
  )
}
