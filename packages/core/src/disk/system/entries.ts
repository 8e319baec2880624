import { isUtf8 } from 'node:buffer'
import { readdirSync, type Dirent } from 'node:fs'
import { opendir } from 'node:fs/promises'
import type { DiskEntry, DiskPath } from '../disk.ts'
import { diskError } from '../disk-error.ts'
import { textOrBytes } from '../paths.ts'
import { entryKind } from './stat.ts'
import { systemPath } from './system-path.ts'

/** Names per call to the system: enough to amortise it, few enough to keep a huge folder out of memory. */
const batch = 256

/** The names in a folder; it is open while they are read, and closed when the reader stops early. */
export async function* entries(path: DiskPath): AsyncGenerator<DiskEntry, void, undefined> {
  try {
    // The types of opendir do not know that names come as bytes with this encoding.
    const options = { encoding: 'buffer' as BufferEncoding, bufferSize: batch }
    const folder = await opendir(systemPath(path), options)
    for await (const entry of folder) yield diskEntry(entry as unknown as Dirent<Buffer>)
  } catch (thrown) {
    throw diskError(thrown, 'entries', path)
  }
}

/** What stands for bytes that are not UTF-8 once they were read as such. */
const replacement = '\ufffd'

/** All names in a folder at once. Read as text, they take half the time; where one may not be text, all are read as bytes. */
export function entriesSync(path: DiskPath): DiskEntry[] {
  try {
    const folder = systemPath(path)
    const found = readdirSync(folder, { withFileTypes: true })
    if (found.some(({ name }) => name.includes(replacement)))
      return readdirSync(folder, { encoding: 'buffer', withFileTypes: true }).map(diskEntry)
    return found.map((entry) => ({ name: entry.name, kind: entryKind(entry) }))
  } catch (thrown) {
    throw diskError(thrown, 'entries', path)
  }
}

/** All names in a folder at once, as {@link entriesSync} tells them without the rest. */
export function namesSync(path: DiskPath): DiskPath[] {
  try {
    const folder = systemPath(path)
    const found = readdirSync(folder)
    if (found.some((name) => name.includes(replacement)))
      return readdirSync(folder, { encoding: 'buffer' }).map(textOrBytes)
    return found
  } catch (thrown) {
    throw diskError(thrown, 'entries', path)
  }
}

function diskEntry(entry: Dirent<Buffer>): DiskEntry {
  const kind = entryKind(entry)
  const name = entry.name.toString()
  return isUtf8(entry.name) ? { name, kind } : { name, kind, rawName: Uint8Array.from(entry.name) }
}
