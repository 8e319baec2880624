import type { ContentId, PackedBlob } from '../blob.ts'
import { repositoryErrors } from '../errors.ts'
import type { MasterKey } from '../key/master-key.ts'
import { openSealed, sealOverhead } from '../../seal/index.ts'
import { decodePackHeader } from './pack-header.ts'

/** Reads a part of a pack: bytes from `start` (included) to `end` (excluded). */
export type ReadPackRange = (start: number, end: number) => Promise<Uint8Array>

/** As much of a pack's end as is fetched at once: the header of a thousand blobs fits. */
const guess = 42_000

/**
 * The blobs of a pack from the header at its end.
 *
 * @throws `BACKUP_OBJECT_CORRUPT`
 */
export async function readPackHeader(
  pack: ContentId,
  size: number,
  key: MasterKey,
  read: ReadPackRange,
): Promise<PackedBlob[]> {
  const corrupt = (reason: string) => repositoryErrors.BACKUP_OBJECT_CORRUPT({ key: `data/${pack}`, reason })
  if (size < 4 + sealOverhead) throw corrupt(`it has only ${size} bytes`)
  const tailStart = Math.max(0, size - guess)
  const tail = Buffer.from(await read(tailStart, size))
  const length = tail.readUInt32LE(tail.length - 4)
  const start = size - 4 - length
  if (length < sealOverhead || start < 0) throw corrupt(`its header would have ${length} bytes`)
  const sealed = start >= tailStart ? tail.subarray(start - tailStart, tail.length - 4) : await read(start, size - 4)
  const plain = openSealed(key, sealed)
  const blobs = plain && decodePackHeader(plain)
  if (blobs === undefined) throw corrupt('its header cannot be read')
  const end = blobs.reduce((sum, blob) => sum + blob.length, 0)
  if (end !== start) throw corrupt(`its blobs end at ${end}, its header begins at ${start}`)
  return blobs
}
