import { join } from 'node:path'
import { crc32c } from '@exprsn/core/bytes'
import type { Disk } from '@exprsn/core/disk'
import { unlessRemoved, unreadable } from './reading.ts'

/** What a cluster says of itself in `global/pg_control`. */
export interface ControlFile {
  readonly bytes: Uint8Array
  readonly systemIdentifier: bigint
  /** Part of the name of the folder that a tablespace has for this cluster. */
  readonly catalogVersion: number
  /** Permission bits, which other files of the cluster have, too. */
  readonly mode: number
  /** Seconds since 1970. */
  readonly modifiedAt: number
}

/** Its place in a data folder. */
export const controlFilePath = 'global/pg_control'

/** The server writes it in one go, at checkpoints: that every one of so many looks comes upon it being written is out of the question. */
const mostLooks = 20
const largestSize = 65_536
/** Bytes of the fields before the checksum, in any version. */
const fields = { smallest: 64, largest: 1_024 }

/**
 * Reads the control file whole: again, where it was being written.
 *
 * @returns undefined when there is none
 * @throws `BACKUP_BASE_FOLDER_UNREADABLE`, the disk's errors
 */
export async function readControlFile(disk: Disk, folder: string): Promise<ControlFile | undefined> {
  const place = join(folder, controlFilePath)
  for (let look = 0; look < mostLooks; look++) {
    const file = await unlessRemoved(place, disk.open(place, 'read'))
    if (file === undefined) return undefined
    try {
      const { size, mode, modifiedAt } = await file.stat()
      const bytes = new Uint8Array(Math.min(size, largestSize))
      if ((await file.read(bytes, 0)) < bytes.length || !isWhole(bytes)) continue
      const view = new DataView(bytes.buffer)
      return {
        bytes,
        systemIdentifier: view.getBigUint64(0, true),
        catalogVersion: view.getUint32(12, true),
        mode: mode & 0o777,
        modifiedAt: Number(modifiedAt / 1_000_000_000n),
      }
    } finally {
      await file.close()
    }
  }
  throw unreadable(place, 'its checksum is wrong')
}

/** Its fields, which each version has more of, end with their CRC-32C; zeros follow. */
function isWhole(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer)
  let checksum = crc32c(bytes.subarray(0, fields.smallest))
  const end = Math.min(fields.largest, bytes.length - 4)
  for (let at = fields.smallest; at <= end; at += 4) {
    if (view.getUint32(at, true) === checksum && bytes.subarray(at + 4).every((byte) => byte === 0)) return true
    checksum = crc32c(bytes.subarray(at, at + 4), checksum)
  }
  return false
}
