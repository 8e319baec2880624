import { ExprsnError } from '@exprsn/core'
import { readFile, type Disk, type DiskStat } from '@exprsn/core/disk'

/** The whole of a small text file. */
export async function readText(disk: Disk, path: string): Promise<string> {
  return Buffer.from(await readFile(disk, path, { limit: 2 ** 20 })).toString('utf8')
}

/** Writes a small text file that need not survive a power loss. */
export async function writeText(disk: Disk, path: string, text: string, permissions = 0o600): Promise<void> {
  const file = await disk.open(path, 'truncate', { permissions })
  try {
    await file.write(Buffer.from(text), 0)
  } finally {
    await file.close()
  }
}

/** Facts about a path, or undefined when nothing is there or may be seen there. */
export async function statIfThere(disk: Disk, path: string): Promise<DiskStat | undefined> {
  return orUndefined(disk.stat(path))
}

/** A read whose failure is an ordinary answer: undefined when the path is missing or closed to us. */
export async function orUndefined<Value>(reading: Promise<Value>): Promise<Value | undefined> {
  try {
    return await reading
  } catch (error) {
    if (ExprsnError.is(error)) return undefined
    throw error
  }
}
