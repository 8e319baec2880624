import type { Disk, DiskFile } from '../../disk/disk.ts'

/** The whole of a small file. */
export async function readWhole(disk: Disk, path: string): Promise<Uint8Array> {
  const file = await disk.open(path, 'read')
  try {
    const bytes = new Uint8Array((await file.stat()).size)
    return bytes.subarray(0, await readFully(file, bytes, 0))
  } finally {
    await file.close()
  }
}

/** Fills `target` from `position` as far as the file reaches; returns the number of bytes read. */
export async function readFully(file: DiskFile, target: Uint8Array, position: number): Promise<number> {
  let filled = 0
  while (filled < target.length) {
    const count = await file.read(target.subarray(filled), position + filled)
    if (count === 0) break
    filled += count
  }
  return filled
}
