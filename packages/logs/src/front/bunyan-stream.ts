import type { LineStream } from '../shipper/line-stream.ts'

/** A stream as bunyan takes it: `createLogger({ name, streams: [bunyanStream({ shipper })] })`. */
export interface BunyanStream {
  readonly type: 'stream'
  readonly stream: NodeJS.WritableStream
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'
}

/** Options of {@link bunyanStream}. */
export interface BunyanStreamOptions {
  /** Takes the lines. */
  readonly shipper: { stream(): LineStream }
  /** Lines below it are left out. @default 'info' */
  readonly level?: BunyanStream['level'] | undefined
}

/**
 * A stream for bunyan.
 *
 * @example
 * ```ts no-run
 * import { bunyanStream, createShipper, memorySink } from '@exprsn/logs'
 * import { createLogger } from 'bunyan'
 *
 * const shipper = createShipper({ sinks: [memorySink()], spool: './data/spool' })
 * const logger = createLogger({ name: 'shop', streams: [bunyanStream({ shipper })] })
 * logger.info({ order: 'A-1001' }, 'paid')
 * ```
 */
export function bunyanStream({ shipper, level = 'info' }: BunyanStreamOptions): BunyanStream {
  // bunyan calls `write` and listens for nothing but errors, of which there are none.
  const stream = { ...shipper.stream(), on: () => stream } as unknown as NodeJS.WritableStream
  return { type: 'stream', level, stream }
}
