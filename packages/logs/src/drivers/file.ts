import { promisify } from 'node:util'
import { zstdCompress } from 'node:zlib'
import { silentLogger, systemClock, type Clock, type Logger } from '@exprsn/core'
import {
  displayPath,
  parentPath,
  readFile,
  systemDisk,
  writeFileAtomic,
  type Disk,
  type DiskFile,
} from '@exprsn/core/disk'
import { encoded } from '../sink/encoded.ts'
import { ndjson } from '../sink/ndjson.ts'
import { sinkErrorOf } from '../sink/sink-error.ts'
import type { Sink } from '../sink/sink.ts'

const newline = 0x0a

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
  /** Hears once when the file cannot be packed away. @default silentLogger */
  readonly logger?: Logger | undefined
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
  const { path, rotateBytes = 64 * 2 ** 20, keep = 10, name = 'file' } = options
  const { disk = systemDisk, clock = systemClock, logger = silentLogger } = options
  let file: DiskFile | undefined
  let size = 0
  let isStuck = false

  async function open(): Promise<DiskFile> {
    if (file !== undefined) return file
    await disk.makeFolder(parentPath(path))
    const opened = (file = await disk.open(path, 'create', { permissions: 0o640 }))
    size = (await opened.stat()).size
    await disk.fsyncFolder(parentPath(path))
    // A crash or a full disk may have torn the last line: what comes next begins on one of its own.
    const last = new Uint8Array(1)
    if (size > 0) await opened.read(last, size - 1)
    if (size > 0 && last[0] !== newline) await opened.write(Uint8Array.of(newline), size++)
    return opened
  }

  async function close(): Promise<void> {
    const open = file
    file = undefined
    await open?.close()
  }

  async function tryToRotate(): Promise<void> {
    try {
      await rotate()
      isStuck = false
    } catch (thrown) {
      if (!isStuck) logger.warn({ err: thrown, path }, 'A log file cannot be packed away: it grows.')
      isStuck = true
    }
  }

  async function rotate(): Promise<void> {
    await close()
    await disk.rename(path, await freeName())
    // Also what an earlier rotation left unpacked.
    for (const aside of await filesAside(disk, path, /^\d{8}T\d{9}Z$/)) {
      await writeFileAtomic(disk, `${aside}.zst`, await pack(await readFile(disk, aside)))
      await disk.removeFile(aside)
    }
    const packed = await filesAside(disk, path, /\.zst$/)
    for (const old of packed.slice(0, Math.max(0, packed.length - keep))) await disk.removeFile(old)
  }

  /** Named by the time, and by a later one when a file of that time is there: the clock may have been put back. */
  async function freeName(): Promise<string> {
    const taken = new Set(await filesAside(disk, path, /^/))
    for (let time = clock.now(); ; time++) {
      const aside = `${path}.${new Date(time).toISOString().replaceAll(/[-:.]/g, '')}`
      if (!taken.has(aside) && !taken.has(`${aside}.zst`)) return aside
    }
  }

  return {
    name,
    async send(batch) {
      try {
        const bytes = encoded(name, batch, ndjson)
        const target = await open()
        await target.write(bytes, size)
        await target.fdatasync()
        size += bytes.length
      } catch (thrown) {
        // Where the file stands is not known any more: it is looked at anew.
        await close().catch(() => {})
        throw sinkErrorOf(name, batch, thrown)
      }
      // The lines are safe: a rotation that fails is tried again with the next ones, and sends none of these again.
      if (size >= rotateBytes) await tryToRotate()
    },
    close,
  }
}

/** Files beside this one whose names go on with what is wanted, oldest first. */
async function filesAside(disk: Disk, path: string, wanted: RegExp): Promise<string[]> {
  const folder = displayPath(parentPath(path))
  const prefix = `${path.slice(path.lastIndexOf('/') + 1)}.`
  const names: string[] = []
  for await (const { name } of disk.entries(folder))
    if (name.startsWith(prefix) && wanted.test(name.slice(prefix.length))) names.push(name)
  return names.sort().map((each) => `${folder}/${each}`)
}
