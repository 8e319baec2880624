import { isUtf8 } from 'node:buffer'
import { ProtobufWriter, snappyCompress } from '@exprsn/core/bytes'
import type { LogRecord } from '../record/log-record.ts'
import { encoded } from '../sink/encoded.ts'
import { httpConnection, type HttpSinkOptions } from '../sink/http-sink.ts'
import type { Sink } from '../sink/sink.ts'

/** Options of {@link lokiSink}. */
export interface LokiSinkOptions extends HttpSinkOptions {
  /** Labels of every line. Few, with few values: each combination is a stream. @default { job: 'app' } */
  readonly labels?: Readonly<Record<string, string>> | undefined
  /** Labels of one line; `level` is added by itself. @default none */
  readonly labelsOf?: ((record: LogRecord) => Readonly<Record<string, string>>) | undefined
  /** How bodies are written: protobuf with Snappy is smaller and costs the server less. @default 'protobuf' */
  readonly encoding?: 'json' | 'protobuf' | undefined
  /** Sent as `X-Scope-OrgID`. @default none */
  readonly tenant?: string | undefined
}

interface Stream {
  readonly labels: Readonly<Record<string, string>>
  readonly records: LogRecord[]
}

/**
 * Sends lines to Grafana Loki. Within its millisecond each line has nanoseconds of its own, made from its sequence: two
 * equal lines stay two, and one that is sent twice is one.
 *
 * Tried against a server made from the documented API, not against a running Loki.
 *
 * @throws `LOGS_SINK_OPTION_INVALID`
 * @example
 * ```ts no-run
 * import { createShipper } from '@exprsn/logs'
 * import { lokiSink } from '@exprsn/logs/drivers/loki'
 *
 * const sink = lokiSink({ url: 'http://localhost:3100', labels: { job: 'shop', env: 'production' } })
 * const shipper = createShipper({ sinks: [sink], spool: './data/spool' })
 * ```
 */
export function lokiSink(options: LokiSinkOptions): Sink {
  const { labels = { job: 'app' }, labelsOf, encoding = 'protobuf', tenant } = options
  const connection = httpConnection('loki', options)
  const headers: Record<string, string> = tenant === undefined ? {} : { 'x-scope-orgid': tenant }

  function labelsWith({ level }: LogRecord, more: Readonly<Record<string, string>> = {}): Stream['labels'] {
    return { ...labels, ...(level === undefined ? {} : { level }), ...more }
  }

  /** Without labels of its own a line's stream is its level's: writing labels out for each line costs as much as the rest. */
  function streamsOf(records: readonly LogRecord[]): Iterable<Stream> {
    const streams = new Map<string | undefined, Stream>()
    for (const record of records) {
      const all = labelsOf && labelsWith(record, labelsOf(record))
      const key = all === undefined ? record.level : labelText(all)
      const stream = streams.get(key)
      if (stream === undefined) streams.set(key, { labels: all ?? labelsWith(record), records: [record] })
      else stream.records.push(record)
    }
    return streams.values()
  }

  function requestOf(records: readonly LogRecord[]) {
    const streams = streamsOf(records)
    return encoding === 'json'
      ? { contentType: 'application/json', body: jsonBody(streams) }
      : { contentType: 'application/x-protobuf', body: snappyCompress(protobufBody(streams)), packed: true }
  }

  return {
    name: connection.name,
    async send(batch, context) {
      const request = encoded(connection.name, batch, requestOf)
      await connection.post({ path: 'loki/api/v1/push', headers, ...request }, batch, context)
    },
    close: () => connection.close(),
  }
}

/** The place of a line within its millisecond, in nanoseconds: from its sequence, the digits at the end of its id. */
function nanosecondOf({ id }: LogRecord): number {
  const sequence = Number(id.slice(id.lastIndexOf('-') + 1))
  return Number.isSafeInteger(sequence) ? Math.abs(sequence) % 1_000_000 : 0
}

function jsonBody(streams: Iterable<Stream>): Buffer {
  const parts = Array.from(streams, ({ labels, records }) => ({
    stream: labels,
    values: records.map((record) => {
      // The decimal digits of milliseconds × 10⁶ + nanoseconds, which no number holds.
      const nanosecond = String(nanosecondOf(record)).padStart(6, '0')
      return [`${Math.floor(record.time)}${nanosecond}`, record.text]
    }),
  }))
  return Buffer.from(JSON.stringify({ streams: parts }))
}

/** logproto.PushRequest of grafana/loki, pkg/push/push.proto. */
function protobufBody(streams: Iterable<Stream>): Uint8Array {
  const request = new ProtobufWriter()
  for (const { labels, records } of streams)
    request.message(1, (stream) => {
      stream.text(1, labelText(labels))
      for (const record of records) {
        const milliseconds = Math.floor(record.time)
        const nanoseconds = (milliseconds % 1_000) * 1_000_000 + nanosecondOf(record)
        const { bytes } = record
        stream.message(2, (entry) => {
          entry.message(1, (time) =>
            time.number(1, 'int64', Math.floor(milliseconds / 1_000)).number(2, 'int32', nanoseconds),
          )
          entry.bytes(2, isUtf8(bytes) ? bytes : Buffer.from(record.text))
        })
      }
    })
  return request.finish()
}

/** `{job="app", level="error"}`, names in order: the same labels are the same stream. */
function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${pairs.map(([name, value]) => `${name.replaceAll(/[^a-zA-Z0-9_]/g, '_')}=${JSON.stringify(value)}`).join(', ')}}`
}
