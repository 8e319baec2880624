import { promisify } from 'node:util'
import { zstdCompress } from 'node:zlib'
import { systemClock, type Clock } from '@exprsn/core'
import {
  displayPath,
  isDiskError,
  parentPath,
  readFile,
  systemDisk,
  writeFileAtomic,
  type Disk,
  type DiskFile,
} from '@exprsn/core/disk'
import { ndjson } from '../sink/ndjson.ts'
import { sinkErrorOf } from '../sink/sink-error.ts'
import type { Sink } from '../sink/sink.ts'

/** Options of {@link fileSink}. */
export interface FileSinkOptions {
  /** The file that lines are added to. One process may write it. */
  readonly path: string
  /** Bytes after which it is packed away as `<path>.<time>.zst` and begun anew. @default 64 MiB */
  readonly rotateBytes?: number | undefined
  /** Packed files that are kept; the oldest go first. @default 10 */
  readonly keep?: number | undefined
  /** @default 'file' */
  readonly name?: string | undefined
  /** @default systemDisk */
  readonly disk?: Disk | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

const pack = promisify(zstdCompress)

/**
 * Adds lines to a file as NDJSON, durable before they leave the spool, and packs it away when it has grown. After a crash
 * between the write and the checkpoint the lines of one batch may stand twice: a file cannot tell.
 *
 * @example
 * ```ts
 * import { createShipper } from '@exprsn/logs'
 * import { fileSink } from '@exprsn/logs/drivers/file'
 *
 * const shipper = createShipper({ sinks: [fileSink({ path: './data/app.ndjson' })], spool: './data/spool' })
 * shipper.write('{"level":30,"msg":"kept"}')
 * await shipper.close()
 * ```
 */
export function fileSink(options: FileSinkOptions): Sink {
  const { path, rotateBytes = 64 * 2 ** 20, keep = 10, name = 'file', disk = systemDisk, clock = systemClock } = options
  let file: DiskFile | undefined
  let size = 0

  async function open(): Promise<DiskFile> {
    if (file !== undefined) return file
    await disk.makeFolder(parentPath(path))
    const opened = await disk.open(path, 'create', { permissions: 0o640 })
    size = (await opened.stat()).size
    await disk.fsyncFolder(parentPath(path))
    return (file = opened)
  }

  async function close(): Promise<void> {
    const open = file
    file = undefined
    await open?.close()
  }

  async function rotate(): Promise<void> {
    await close()
    const stamp = new Date(clock.now()).toISOString().replaceAll(/[-:.]/g, '')
    const aside = `${path}.${stamp}`
    await disk.rename(path, aside)
    await writeFileAtomic(disk, `${aside}.zst`, await pack(await readFile(disk, aside)))
    await disk.removeFile(aside)
    const packed = await packedFiles(disk, path)
    for (const old of packed.slice(0, Math.max(0, packed.length - keep))) await disk.removeFile(old)
  }

  return {
    name,
    async send(batch) {
      try {
        const target = await open()
        const bytes = ndjson(batch.records)
        await target.write(bytes, size)
        await target.fdatasync()
        size += bytes.length
        if (size >= rotateBytes) await rotate()
      } catch (thrown) {
        // Where the file stands is not known any more: it is looked at anew.
        await close().catch(() => {})
        throw sinkErrorOf(name, batch, thrown)
      }
    },
    close,
  }
}

/** What was packed away, oldest first. */
async function packedFiles(disk: Disk, path: string): Promise<string[]> {
  const folder = displayPath(parentPath(path))
  const prefix = `${path.slice(path.lastIndexOf('/') + 1)}.`
  const names: string[] = []
  try {
    for await (const entry of disk.entries(folder))
      if (entry.name.startsWith(prefix) && entry.name.endsWith('.zst')) names.push(entry.name)
  } catch (thrown) {
    if (!isDiskError(thrown, 'CORE_DISK_NOT_FOUND')) throw thrown
  }
  return names.sort().map((each) => `${folder}/${each}`)
}
