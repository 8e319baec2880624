import { join } from 'node:path'
import type { DiskStat } from '../../disk/disk.ts'
import { isAbsent } from './disk-failure.ts'
import type { FolderContext } from './folder-context.ts'
import { keyPath, privateFolder } from './key-path.ts'
import { statObject } from './read-object.ts'
import { removeIfThere } from './remove.ts'
import { sidecarKey, sidecarPath } from './sidecar.ts'

/** What a sweep removed. */
export interface SweepResult {
  /** Contents of puts whose process died. */
  readonly temporaryFiles: number
  /** Metadata of versions that are no more. */
  readonly sidecars: number
}

/** Removes temporary files that nobody has written to for `age` milliseconds. */
export async function sweepTemporaryFiles(context: FolderContext, age: number): Promise<number> {
  let removed = 0
  for await (const { path, stat } of files(context, join(context.folder, privateFolder, 'tmp')))
    if (isOlder(context, stat, age) && (await removeIfThere(context.disk, path))) removed++
  return removed
}

/** Removes metadata older than `age` milliseconds that belongs to no present version of an object. */
export async function sweepSidecars(context: FolderContext, age: number): Promise<number> {
  let removed = 0
  for await (const { path, stat } of files(context, join(context.folder, privateFolder, 'metadata')))
    if (isOlder(context, stat, age) && !(await isInUse(context, path)) && (await removeIfThere(context.disk, path)))
      removed++
  return removed
}

async function isInUse({ disk, folder }: FolderContext, path: string): Promise<boolean> {
  const key = await sidecarKey(disk, path)
  if (key === undefined) return false
  const version = await statObject(disk, keyPath(folder, key))
  return version !== undefined && sidecarPath(folder, key, version) === path
}

function isOlder({ clock }: FolderContext, { modifiedAt }: DiskStat, age: number): boolean {
  return clock.now() - Number(modifiedAt / 1_000_000n) > age
}

async function* files(context: FolderContext, folder: string): AsyncGenerator<{ path: string; stat: DiskStat }> {
  try {
    for await (const entry of context.disk.entries(folder)) {
      const path = join(folder, entry.name)
      if (entry.kind === 'folder') yield* files(context, path)
      const stat = entry.kind === 'file' ? await statObject(context.disk, path) : undefined
      if (stat !== undefined) yield { path, stat }
    }
  } catch (error) {
    if (!isAbsent(error)) throw error
  }
}
