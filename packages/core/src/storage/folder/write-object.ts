import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import type { DiskFile, DiskStat } from '../../disk/disk.ts'
import { ExprsnError } from '../../errors/exprsn-error.ts'
import { chunksOf, type Content } from '../content.ts'
import { storageErrors } from '../errors.ts'
import type { ObjectInfo, PutOptions } from '../object-store.ts'
import { checkCondition } from '../put-options.ts'
import { isMissing, isObstructed, isTaken } from './disk-failure.ts'
import type { FolderContext } from './folder-context.ts'
import { privateFolder } from './key-path.ts'
import { lockKey } from './lock-key.ts'
import { folderEtag, modificationDate, versionTime } from './object-version.ts'
import { statObject } from './read-object.ts'
import { isFolder, removeEmptyFolders, removeIfThere } from './remove.ts'
import { sidecarPath, writeSidecar } from './sidecar.ts'

/** Somebody who removes folders between our making and our using them gives up before we do. */
const mostAttempts = 10

/**
 * Stores an object in four steps, each durable before the next: the content under a private name, the metadata under
 * the name of this version, the name of the object, and last the old version's metadata goes.
 */
export async function writeObject(
  context: FolderContext,
  key: string,
  path: string,
  body: Content,
  options: PutOptions,
): Promise<ObjectInfo> {
  const { disk, folders, folder } = context
  const temporary = join(folder, privateFolder, 'tmp', context.createId())
  await folders.make(dirname(temporary))
  let sidecar: string | undefined
  try {
    const replaced = await statObject(disk, path)
    // Told early, so that nobody sends a large content in vain; what counts is decided again when it is published.
    checkCondition(key, replaced && folderEtag(replaced), options)
    const version = await writeContent(context, key, temporary, body, replaced, options)
    const { metadata, contentType } = options
    if (metadata !== undefined || contentType !== undefined) {
      const written = sidecarPath(folder, key, version)
      sidecar = written
      await writeSidecar(disk, folders, written, { key, metadata, contentType }, context.durable)
    }
    options.signal?.throwIfAborted()
    await publish(context, key, temporary, path, options)
    if (replaced !== undefined) await removeIfThere(disk, sidecarPath(folder, key, replaced))
    const etag = folderEtag(version)
    return { key, size: version.size, etag, modifiedAt: modificationDate(version), metadata, contentType }
  } catch (error) {
    await removeLeftovers(context, temporary, sidecar)
    throw error
  }
}

async function writeContent(
  { disk, durable, clock, random }: FolderContext,
  key: string,
  temporary: string,
  body: Content,
  replaced: DiskStat | undefined,
  { sha256, signal }: PutOptions,
): Promise<DiskStat> {
  const file = await disk.open(temporary, 'create-new')
  try {
    const digest = await copyInto(file, body, sha256 !== undefined, signal)
    if (digest !== sha256) throw storageErrors.CORE_STORAGE_CHECKSUM({ key })
    const modifiedAt = versionTime(clock.now(), random.uint32(), replaced)
    await disk.setTimes(temporary, { accessedAt: modifiedAt, modifiedAt })
    if (durable) await file.fsync()
    return await file.stat()
  } finally {
    await file.close()
  }
}

/**
 * Best effort, as what it removes would be swept later. A failed put may have been published all the same; then its
 * content has another name than the temporary one, and the metadata stays.
 */
async function removeLeftovers({ disk }: FolderContext, temporary: string, sidecar: string | undefined): Promise<void> {
  try {
    const left = await statObject(disk, temporary)
    if (left === undefined) return
    if (left.links === 1 && sidecar !== undefined) await removeIfThere(disk, sidecar)
    await removeIfThere(disk, temporary)
  } catch {
    // The error that led here is the one to tell.
  }
}

async function copyInto(
  file: DiskFile,
  body: Content,
  hashed: boolean,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const hash = hashed ? createHash('sha256') : undefined
  let position = 0
  for await (const chunk of chunksOf(body, signal)) {
    hash?.update(chunk)
    await file.write(chunk, position)
    position += chunk.length
  }
  return hash?.digest('hex')
}

async function publish(
  context: FolderContext,
  key: string,
  temporary: string,
  path: string,
  options: PutOptions,
): Promise<void> {
  await withParents(context, key, path, async () => {
    if (options.ifNoneMatch === '*') await publishNew(context, key, temporary, path)
    else if (options.ifMatch === undefined) await context.disk.rename(temporary, path)
    else await publishLocked(context, key, temporary, path, options)
  })
  if (context.durable) await context.disk.fsyncFolder(dirname(path))
}

/** Makes the folders above a file, again when somebody removes them in between, and clears empty folders in its place. */
async function withParents(
  { disk, folders }: FolderContext,
  key: string,
  path: string,
  step: () => Promise<void>,
): Promise<void> {
  for (let attempt = 0; ; attempt++)
    try {
      await folders.make(dirname(path))
      return await step()
    } catch (error) {
      if (attempt === mostAttempts || (ExprsnError.is(error) && error.code.startsWith('CORE_STORAGE_'))) throw error
      folders.forget()
      if (isMissing(error)) continue
      const obstructed = isObstructed(error) || isTaken(error) || (await isFolder(disk, path))
      if (!obstructed) throw error
      if (!(await removeEmptyFolders(disk, path)))
        throw storageErrors.CORE_STORAGE_KEY_OBSTRUCTED({ key }, { cause: error })
    }
}

/** A hard link is made only where no name is: exclusive between processes and machines. */
async function publishNew(context: FolderContext, key: string, temporary: string, path: string): Promise<void> {
  const { disk } = context
  try {
    await disk.link(temporary, path)
  } catch (error) {
    if (isMissing(error) || isObstructed(error)) throw error
    if (!isTaken(error)) {
      // File systems without hard links, such as exFAT: exclusive between the writers that take the lock.
      await publishLocked(context, key, temporary, path, { ifNoneMatch: '*' })
      return
    }
    if (await isFolder(disk, path)) throw error
    // A network file system may lose the answer and ask again: two names say that it was this link that succeeded.
    if ((await disk.stat(temporary)).links < 2) throw storageErrors.CORE_STORAGE_CONFLICT({ key }, { cause: error })
  }
  await disk.removeFile(temporary)
}

async function publishLocked(
  context: FolderContext,
  key: string,
  temporary: string,
  path: string,
  options: PutOptions,
): Promise<void> {
  const lock = await lockKey(context, key, options.signal)
  try {
    const current = await statObject(context.disk, path)
    checkCondition(key, current && folderEtag(current), options)
    await context.disk.rename(temporary, path)
  } finally {
    await lock.release()
  }
}
