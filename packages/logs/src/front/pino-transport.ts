/**
 * A transport for pino: the shipper in pino's own worker thread.
 *
 * @packageDocumentation
 */
import { Writable } from 'node:stream'
import { createShipper } from '../shipper/create-shipper.ts'
import type { ShipperOptions } from '../shipper/shipper-options.ts'
import type { Sink } from '../sink/sink.ts'
import { frontErrors } from './errors.ts'

/** One sink of the transport: what can be passed to a worker. */
export interface TransportSink {
  readonly target: 'bucket-folder' | 'clickhouse' | 'elasticsearch' | 'file' | 'loki' | 'otlp' | 'stdout' | 'syslog'
  /** Options of the sink's factory, without functions. For `bucket-folder`: `path`, and what `bucketSink` takes. */
  readonly options?: Readonly<Record<string, unknown>> | undefined
}

/** Options of the transport: those of `createShipper` that can be passed to a worker. */
export interface PinoTransportOptions extends Omit<
  ShipperOptions,
  'sinks' | 'disk' | 'clock' | 'random' | 'logger' | 'metrics'
> {
  /** Where the lines go: each a module and its options, for the transport runs in a thread of its own. */
  readonly sinks: readonly TransportSink[]
}

/** Each sink by its name, loaded when it is asked for. */
const factories: Readonly<Record<TransportSink['target'], (options: never) => Promise<Sink>>> = {
  async 'bucket-folder'({ path, ...options }: { path: string }) {
    const [{ bucketSink }, { folderStore }] = await Promise.all([
      import('../drivers/bucket.ts'),
      import('@exprsn/core/storage'),
    ])
    return bucketSink({ ...options, store: folderStore({ path }) })
  },
  clickhouse: async (options) => (await import('../drivers/clickhouse.ts')).clickhouseSink(options),
  elasticsearch: async (options) => (await import('../drivers/elasticsearch.ts')).elasticsearchSink(options),
  file: async (options) => (await import('../drivers/file.ts')).fileSink(options),
  loki: async (options) => (await import('../drivers/loki.ts')).lokiSink(options),
  otlp: async (options) => (await import('../drivers/otlp.ts')).otlpSink(options),
  stdout: async (options) => (await import('../drivers/stdout.ts')).stdoutSink(options),
  syslog: async (options) => (await import('../drivers/syslog.ts')).syslogSink(options),
}

/**
 * What pino loads for `pino.transport({ target: '@exprsn/logs/pino', options })`. The lines reach the write-ahead log when
 * the worker thread gets them: a process that is killed loses what is between the threads. Use
 * `pino(createShipper(…).stream())` where that must not be.
 *
 * @throws `LOGS_FRONT_SINK_UNKNOWN`, and what `createShipper` and the sinks throw.
 * @example
 * ```ts no-run
 * import { pino } from 'pino'
 *
 * const sinks = [{ target: 'loki', options: { url: 'http://localhost:3100' } }]
 * const transport = pino.transport({ target: '@exprsn/logs/pino', options: { spool: './data/spool', sinks } })
 * const logger = pino(transport)
 * ```
 */
// oxlint-disable-next-line import/no-default-export -- pino's worker calls the default export of its target
export default async function pinoTransport(options: PinoTransportOptions): Promise<Writable> {
  const sinks = await Promise.all(options.sinks.map(sinkOf))
  const shipper = createShipper({ ...options, sinks })
  let rest = ''
  const decoder = new TextDecoder()
  return new Writable({
    decodeStrings: false,
    write(chunk: string | Uint8Array, _encoding, done) {
      const text = rest + (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }))
      const lines = text.split('\n')
      rest = lines.pop()!
      for (const line of lines) shipper.write(line)
      done()
    },
    final(done) {
      if (rest !== '') shipper.write(rest)
      shipper.close().then(
        () => done(),
        (error: Error) => done(error),
      )
    },
  })
}

function sinkOf({ target, options = {} }: TransportSink): Promise<Sink> {
  if (!Object.hasOwn(factories, target))
    throw frontErrors.LOGS_FRONT_SINK_UNKNOWN({ sink: target, known: Object.keys(factories) })
  return factories[target](options as never)
}
