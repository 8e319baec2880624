import type { Disk, DiskFile, DiskStat } from '../../disk/disk.ts'
import { storedObject } from '../content.ts'
import { storageErrors } from '../errors.ts'
import type { GetOptions, ObjectInfo, StoredObject } from '../object-store.ts'
import { resolveRange, type ResolvedRange } from '../range.ts'
import { isAbsent, onDisk } from './disk-failure.ts'
import { folderEtag, modificationDate } from './object-version.ts'
import { readFully } from './read-whole.ts'
import { readSidecar, sidecarPath } from './sidecar.ts'

const chunkSize = 256 * 1_024
/** Bytes between two looks at the signal when all are read into one piece of memory. */
const pieceSize = 4 * 1_024 * 1_024
/** A put that replaces the object between two looks makes a reader look again; this many in a row are no accident. */
const mostAttempts = 100

/** Facts about the object at a path, undefined when there is none. */
export async function headObject(
  disk: Disk,
  folder: string,
  key: string,
  path: string,
): Promise<ObjectInfo | undefined> {
  for (let attempt = 0; ; attempt++) {
    const before = await statObject(disk, path)
    if (before === undefined) return undefined
    const info = await describe(disk, folder, key, before)
    if (hasSidecar(info) || attempt === mostAttempts) return info
    // The sidecar of a version goes when the version does: make sure that it was not missing for that reason.
    const after = await statObject(disk, path)
    if (after !== undefined && folderEtag(after) === folderEtag(before)) return info
  }
}

/** The object at a path; its file stays open until the content was read or discarded. */
export async function openObject(
  disk: Disk,
  folder: string,
  key: string,
  path: string,
  { range, signal }: GetOptions,
): Promise<StoredObject> {
  for (let attempt = 0; ; attempt++) {
    const found = await openVersion(disk, path)
    if (found === undefined) throw storageErrors.CORE_STORAGE_NOT_FOUND({ key })
    const { file, version } = found
    try {
      const info = await describe(disk, folder, key, version)
      const current = hasSidecar(info) ? version : await statObject(disk, path)
      if ((current !== undefined && folderEtag(current) === folderEtag(version)) || attempt === mostAttempts) {
        const part = resolveRange(key, range, version.size)
        return storedObject(
          info,
          () => readPart(file, key, part, signal),
          () => file.close(),
          () => readWholePart(file, key, part, signal),
        )
      }
    } catch (error) {
      await file.close()
      throw error
    }
    await file.close()
  }
}

/** The stat of a path that is an object: a regular file, reached without a symbolic link at its end. */
export async function statObject(disk: Disk, path: string): Promise<DiskStat | undefined> {
  try {
    const found = await disk.stat(path)
    return found.kind === 'file' ? found : undefined
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

async function openVersion(disk: Disk, path: string): Promise<{ file: DiskFile; version: DiskStat } | undefined> {
  if ((await statObject(disk, path)) === undefined) return undefined
  let file: DiskFile
  try {
    file = await disk.open(path, 'read')
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
  try {
    return { file, version: await file.stat() }
  } catch (error) {
    await file.close()
    throw error
  }
}

async function describe(disk: Disk, folder: string, key: string, version: DiskStat): Promise<ObjectInfo> {
  const sidecar = await readSidecar(disk, sidecarPath(folder, key, version))
  return { key, size: version.size, etag: folderEtag(version), modifiedAt: modificationDate(version), ...sidecar }
}

function hasSidecar(info: ObjectInfo): boolean {
  return info.metadata !== undefined || info.contentType !== undefined
}

async function* readPart(
  file: DiskFile,
  key: string,
  { start, end }: ResolvedRange,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    for (let position = start; position < end;) {
      signal?.throwIfAborted()
      const chunk = new Uint8Array(Math.min(chunkSize, end - position))
      position = await fill(file, key, chunk, position, { start, end })
      yield chunk
    }
  } finally {
    await file.close()
  }
}

/** Into memory of the content's size at once: of chunks, each byte would lie in memory twice and be copied. */
async function readWholePart(
  file: DiskFile,
  key: string,
  part: ResolvedRange,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  try {
    const bytes = new Uint8Array(part.end - part.start)
    for (let filled = 0; filled < bytes.length;) {
      signal?.throwIfAborted()
      const piece = bytes.subarray(filled, filled + pieceSize)
      filled = (await fill(file, key, piece, part.start + filled, part)) - part.start
    }
    return bytes
  } finally {
    await file.close()
  }
}

/** Reads as many bytes as `target` has; returns where they end. */
async function fill(
  file: DiskFile,
  key: string,
  target: Uint8Array,
  position: number,
  { start, end }: ResolvedRange,
): Promise<number> {
  const reached = position + (await onDisk('read', key, () => readFully(file, target, position)))
  if (reached < position + target.length)
    throw storageErrors.CORE_STORAGE_TRUNCATED({ key, received: reached - start, expected: end - start })
  return reached
}
