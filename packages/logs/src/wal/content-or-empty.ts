import { readFile, unlessGone, type Disk } from '@exprsn/core/disk'

/** The whole content of a file, empty when there is none. */
export async function contentOrEmpty(disk: Disk, path: string): Promise<Uint8Array> {
  return (await unlessGone(readFile(disk, path))) ?? new Uint8Array()
}
