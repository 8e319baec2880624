import type { Random } from '@exprsn/core'
import { isDiskError, readFile, temporaryPrefix, unlessGone, writeFileAtomic, type Disk } from '@exprsn/core/disk'
import { storeErrors } from '../errors.ts'
import { decodeManifest, encodeManifest, isDamage } from './manifest.ts'
import type { OpenFile, SegmentFiles } from './segment-files.ts'

const largestManifest = 2 ** 28

/** Behind the names of files that cannot be read and that nobody should lose for that. */
const asideSuffix = '.damaged'

/** Segments in a folder. Their bytes are read by synchronous calls: they are in the cache of the system most of the time. */
export function folderFiles(disk: Disk, path: string, random: Random): SegmentFiles {
  const folder = `${path}/segments`
  const manifestPath = `${path}/manifest.json`
  return {
    path,
    isFolder: true,
    async readManifest() {
      try {
        const bytes = await readFile(disk, manifestPath, { limit: largestManifest })
        return { manifest: decodeManifest(manifestPath, bytes), tag: undefined }
      } catch (error) {
        if (isDiskError(error, 'CORE_DISK_NOT_FOUND')) return { manifest: undefined, tag: undefined }
        if (isDamage(error)) return { manifest: undefined, tag: undefined, damage: error }
        throw error
      }
    },
    settleManifest: () => disk.fsyncFolder(path),
    async writeManifest(manifest) {
      await writeFileAtomic(disk, manifestPath, encodeManifest(manifest), { random })
      return { manifest, tag: undefined }
    },
    async write(name, pieces) {
      const temporary = `${folder}/${temporaryPrefix}${name}`
      const file = await disk.open(temporary, 'truncate')
      let size = 0
      try {
        for await (const piece of pieces) {
          await file.write(piece, size)
          size += piece.length
        }
        await file.fsync()
      } finally {
        await file.close()
      }
      await disk.rename(temporary, `${folder}/${name}`)
      await disk.fsyncFolder(folder)
      return size
    },
    open: (name) => openFile(disk, folder, name),
    async remove(name) {
      await unlessGone(disk.removeFile(`${folder}/${name}`))
    },
    settleNames: () => disk.fsyncFolder(folder),
    async setAside(name) {
      await disk.rename(`${folder}/${name}`, `${folder}/${name}${asideSuffix}`)
      await disk.fsyncFolder(folder)
    },
    async list() {
      const names = []
      for await (const entry of disk.entries(folder)) if (!entry.name.endsWith(asideSuffix)) names.push(entry.name)
      return names
    },
  }
}

async function openFile(disk: Disk, folder: string, name: string): Promise<OpenFile> {
  const file = await disk.open(`${folder}/${name}`, 'read')
  const { size } = await file.stat()
  return {
    name,
    size,
    givesBytes: true,
    read(offset, length) {
      const bytes = Buffer.allocUnsafe(length)
      let filled = 0
      while (filled < length) {
        const read = file.readSync(bytes.subarray(filled), offset + filled)
        if (read === 0)
          throw storeErrors.LOGS_STORE_SEGMENT_DAMAGED({
            segment: name,
            part: 'file',
            reason: `it ends at ${offset + filled}`,
          })
        filled += read
      }
      return bytes
    },
    close: () => file.close(),
  }
}
