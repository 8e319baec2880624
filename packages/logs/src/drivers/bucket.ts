import { promisify } from 'node:util'
import { zstdCompress } from 'node:zlib'
import type { Duration } from '@exprsn/core'
import type { ObjectStore } from '@exprsn/core/storage'
import type { LogRecord } from '../record/log-record.ts'
import { encoded } from '../sink/encoded.ts'
import { ndjson } from '../sink/ndjson.ts'
import { sinkErrorOf } from '../sink/sink-error.ts'
import type { Sink } from '../sink/sink.ts'

/** Options of {@link bucketSink}. */
export interface BucketSinkOptions {
  /** Any object store: `s3Store`, `folderStore`, … It is not closed. */
  readonly store: ObjectStore
  /** Begins every key. @default 'logs' */
  readonly prefix?: string | undefined
  /** @default 'bucket' */
  readonly name?: string | undefined
  /** Lines of one object at most. @default 100000 */
  readonly records?: number | undefined
  /** Bytes of the lines of one object at most, before packing. @default 16 MiB */
  readonly bytes?: number | undefined
  /** How long lines wait for others. @default '1m' */
  readonly linger?: Duration | undefined
}

const pack = promisify(zstdCompress)

/**
 * Writes lines as zstd-packed NDJSON to an object store: `logs/2026/11/21/05/<id of the first line>+<count>.ndjson.zst`, by
 * the hour (UTC) in which a line was written. The same lines make the same key, so that an attempt whose answer was lost is
 * overwritten by the next.
 *
 * @example
 * ```ts
 * import { createShipper } from '@exprsn/logs'
 * import { bucketSink } from '@exprsn/logs/drivers/bucket'
 * import { memoryStore } from '@exprsn/core/storage'
 *
 * const store = memoryStore()
 * const shipper = createShipper({ sinks: [bucketSink({ store })], spool: './data/spool' })
 * shipper.write('{"level":30,"time":1795239000000,"msg":"kept"}')
 * await shipper.close()
 * for await (const { key } of store.list()) console.log(key) // logs/2026/11/21/05/….ndjson.zst
 * ```
 */
export function bucketSink(options: BucketSinkOptions): Sink {
  const { store, prefix = 'logs', name = 'bucket', linger = '1m', records = 100_000, bytes = 16 * 2 ** 20 } = options
  return {
    name,
    linger,
    limits: { records, bytes },
    async send(batch, { signal }) {
      for (const { place, content } of encoded(name, batch, byHour)) {
        const key = `${prefix}/${place}.ndjson.zst`
        try {
          await store.put(key, await pack(content), { signal, contentType: 'application/zstd' })
        } catch (thrown) {
          if (signal.aborted) throw signal.reason
          throw sinkErrorOf(name, batch, thrown)
        }
      }
    },
  }
}

/** What one object holds. */
interface Hour {
  /** `2026/11/21/05/<id of the first line>+<lines>`: the same for the same lines. */
  readonly place: string
  readonly content: Buffer
}

function byHour(records: readonly LogRecord[]): Hour[] {
  const hours = new Map<string, LogRecord[]>()
  for (const record of records) {
    const hour = new Date(record.time).toISOString().slice(0, 13).replaceAll(/[-T]/g, '/')
    const lines = hours.get(hour)
    if (lines === undefined) hours.set(hour, [record])
    else lines.push(record)
  }
  return Array.from(hours, ([hour, lines]) => ({
    place: `${hour}/${lines[0]!.id}+${lines.length}`,
    content: ndjson(lines),
  }))
}
