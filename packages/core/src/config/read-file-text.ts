import type { Disk } from '../disk/disk.ts'

/** A small file's text, read at once. Throws the disk's errors. */
export function readFileText(disk: Disk, path: string): string {
  const file = disk.openSync(path, 'read')
  try {
    const bytes = new Uint8Array(file.statSync().size)
    let length = 0
    while (length < bytes.length) {
      const count = file.readSync(bytes.subarray(length), length)
      if (count === 0) break
      length += count
    }
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(0, length))
  } finally {
    file.closeSync()
  }
}
