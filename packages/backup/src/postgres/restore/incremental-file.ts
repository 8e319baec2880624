import { pageSize } from '../../base-backup/pages/page.ts'
import { postgresSourceErrors } from '../errors.ts'

/**
 * What the beginning of an incremental file says: which blocks follow, in order, and how many blocks at least the whole
 * file has. Layout: PostgreSQL's `GetIncrementalFilePath` and `push_to_sink` in `backup/basebackup.c`.
 */
export interface IncrementalHeader {
  /** Numbers of the blocks that follow, ascending. */
  readonly blocks: Uint32Array
  /** Blocks that the file had when it was shortest since the earlier backup: what lies behind must not come from there. */
  readonly truncationBlocks: number
  /** Where the first block begins. */
  readonly dataStart: number
}

const magic = 0xd3ae1f0d
const prefix = 'INCREMENTAL.'

/** `base/5/16384` for `base/5/INCREMENTAL.16384`; undefined for every other path. */
export function wholePath(path: string): string | undefined {
  const slash = path.lastIndexOf('/') + 1
  return path.startsWith(prefix, slash) ? path.slice(0, slash) + path.slice(slash + prefix.length) : undefined
}

/** `base/5/INCREMENTAL.16384` for `base/5/16384`. */
export function incrementalPath(path: string): string {
  const slash = path.lastIndexOf('/') + 1
  return path.slice(0, slash) + prefix + path.slice(slash)
}

/** Bytes of the header of a file with so many blocks: a whole page when there are blocks. */
export function headerLength(blocks: number): number {
  const raw = 12 + 4 * blocks
  return blocks === 0 ? raw : Math.ceil(raw / pageSize) * pageSize
}

/** How many blocks an incremental file holds, from its first 12 bytes. @throws `BACKUP_POSTGRES_INCREMENTAL_DAMAGED` */
export function readBlockCount(bytes: Uint8Array, path: string): number {
  if (bytes.length < 12) throw damaged(path, 'it is shorter than its header')
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  if (view.getUint32(0, true) !== magic) throw damaged(path, 'it does not begin as one')
  const count = view.getUint32(4, true)
  // A segment of a relation has 1 GiB.
  if (count > 131_072) throw damaged(path, `it names ${count} blocks`)
  return count
}

/** Reads the header. `size` is that of the whole file. @throws `BACKUP_POSTGRES_INCREMENTAL_DAMAGED` */
export function parseIncrementalHeader(bytes: Uint8Array, size: number, path: string): IncrementalHeader {
  const count = readBlockCount(bytes, path)
  const dataStart = headerLength(count)
  if (bytes.length < 12 + 4 * count) throw damaged(path, 'its list of blocks is cut off')
  if (size !== dataStart + count * pageSize) throw damaged(path, `it has ${size} bytes for ${count} blocks`)
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const truncationBlocks = view.getUint32(8, true)
  const blocks = new Uint32Array(count)
  for (let index = 0; index < count; index++) {
    const block = view.getUint32(12 + 4 * index, true)
    if (block >= 131_072 || (index > 0 && block <= blocks[index - 1]!))
      throw damaged(path, 'its blocks are not in order')
    blocks[index] = block
  }
  return { blocks, truncationBlocks, dataStart }
}

/** The error for an incremental file that is not valid. */
export function damaged(path: string, reason: string) {
  return postgresSourceErrors.BACKUP_POSTGRES_INCREMENTAL_DAMAGED({ path, reason })
}
