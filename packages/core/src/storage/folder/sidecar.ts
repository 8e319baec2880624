import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Disk, DiskStat } from '../../disk/disk.ts'
import type { ObjectInfo } from '../object-store.ts'
import { isAbsent } from './disk-failure.ts'
import type { DurableFolders } from './durable-folders.ts'
import { privateFolder } from './key-path.ts'
import { versionName } from './object-version.ts'
import { readWhole } from './read-whole.ts'

/** What a plain file cannot hold. */
export interface Sidecar {
  readonly metadata?: ObjectInfo['metadata']
  readonly contentType?: string | undefined
}

/**
 * The path of the metadata of one version of an object. Because the name tells the version, a reader never pairs the
 * content of one put with the metadata of another, and neither does one who finds the folder after a crash.
 */
export function sidecarPath(folder: string, key: string, version: DiskStat): string {
  const digest = createHash('sha256').update(key).digest('hex')
  return join(folder, privateFolder, 'metadata', digest.slice(0, 2), `${digest}.${versionName(version)}.json`)
}

/** The metadata of a version; empty when none was stored, or when what is there is not ours. */
export async function readSidecar(disk: Disk, path: string): Promise<Sidecar> {
  let bytes: Uint8Array
  try {
    bytes = await readWhole(disk, path)
  } catch (error) {
    if (isAbsent(error)) return {}
    throw error
  }
  return parseSidecar(new TextDecoder().decode(bytes))
}

/** Writes the metadata of a version that is about to be published. */
export async function writeSidecar(
  disk: Disk,
  folders: DurableFolders,
  path: string,
  content: Sidecar & { readonly key: string },
  durable: boolean,
): Promise<void> {
  const parent = join(path, '..')
  await folders.make(parent)
  const file = await disk.open(path, 'truncate')
  try {
    await file.write(new TextEncoder().encode(`${JSON.stringify(content)}\n`), 0)
    if (durable) await file.fsync()
  } finally {
    await file.close()
  }
  if (durable) await disk.fsyncFolder(parent)
}

/** The key that a sidecar belongs to. */
export async function sidecarKey(disk: Disk, path: string): Promise<string | undefined> {
  const { key } = parse(new TextDecoder().decode(await readWhole(disk, path)))
  return typeof key === 'string' ? key : undefined
}

function parseSidecar(text: string): Sidecar {
  const { metadata, contentType } = parse(text)
  return {
    metadata: isTextRecord(metadata) ? metadata : undefined,
    contentType: typeof contentType === 'string' ? contentType : undefined,
  }
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

function isTextRecord(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null && Object.values(value).every((item) => typeof item === 'string')
}
