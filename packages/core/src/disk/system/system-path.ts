import type { DiskPath } from '../disk.ts'

/** A path as `node:fs` takes it: of bytes it wants its own kind of array. */
export function systemPath(path: DiskPath): string | Buffer {
  return path instanceof Uint8Array ? Buffer.from(path.buffer, path.byteOffset, path.byteLength) : path
}
