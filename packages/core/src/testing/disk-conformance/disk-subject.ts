import type { Disk, DiskPath, OpenMode } from '../../disk/disk.ts'

/** What a case of the disk's conformance suite works on: a disk, and an empty folder on it. */
export interface DiskSubject {
  readonly disk: Disk
  /** Absolute path. */
  readonly folder: string
}

/** Writes a file in one go. */
export async function put(disk: Disk, path: DiskPath, text: string, mode: OpenMode = 'truncate'): Promise<void> {
  const file = await disk.open(path, mode)
  await file.write(Buffer.from(text), 0)
  await file.close()
}

/** A file's content as text. */
export async function text(disk: Disk, path: DiskPath): Promise<string> {
  const file = await disk.open(path, 'read')
  const bytes = new Uint8Array((await file.stat()).size)
  await file.read(bytes, 0)
  await file.close()
  return Buffer.from(bytes).toString()
}

/** The names in a folder, sorted. */
export async function names(disk: Disk, path: DiskPath): Promise<string[]> {
  const all: string[] = []
  for await (const { name } of disk.entries(path)) all.push(name)
  return all.sort()
}
