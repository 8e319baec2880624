import { encoded } from '../sink/encoded.ts'
import { ndjson } from '../sink/ndjson.ts'
import { sinkErrors } from '../sink/errors.ts'
import type { Sink } from '../sink/sink.ts'

/** What {@link stdoutSink} writes to: the part of a stream that it needs. */
export interface WritableLike {
  write(bytes: Uint8Array, done: (error?: Error | null) => void): unknown
}

/** Options of {@link stdoutSink}. */
export interface StdoutSinkOptions {
  /** @default process.stdout */
  readonly stream?: WritableLike | undefined
  /** @default 'stdout' */
  readonly name?: string | undefined
}

/**
 * Writes lines to the standard output as NDJSON, for container platforms that collect it. A reader that is slow slows this
 * sink alone; one that is gone leaves the lines in the spool.
 *
 * @example
 * ```ts
 * import { createShipper } from '@exprsn/logs'
 * import { stdoutSink } from '@exprsn/logs/drivers/stdout'
 *
 * const shipper = createShipper({ sinks: [stdoutSink()], spool: './data/spool' })
 * shipper.write('{"level":30,"msg":"hello"}')
 * await shipper.close()
 * ```
 */
export function stdoutSink({ stream, name = 'stdout' }: StdoutSinkOptions = {}): Sink {
  return {
    name,
    async send(batch) {
      const bytes = encoded(name, batch, ndjson)
      const target: WritableLike = stream ?? process.stdout
      await new Promise<void>((resolve, reject) => {
        target.write(bytes, (error) => {
          if (error) reject(sinkErrors.LOGS_SINK_UNAVAILABLE({ sink: name, reason: error.message }, { cause: error }))
          else resolve()
        })
      })
    },
  }
}
