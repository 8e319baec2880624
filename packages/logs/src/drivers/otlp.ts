import type { LogRecord } from '../record/log-record.ts'
import { encoded } from '../sink/encoded.ts'
import { httpConnection, type HttpSinkOptions } from '../sink/http-sink.ts'
import type { LogBatch, Sink, SinkOutcome } from '../sink/sink.ts'
import { otlpRecordOf, type OtlpValue } from './otlp/otlp-record.ts'
import { protobufLogs } from './otlp/protobuf-logs.ts'
import { jsonLogs } from './otlp/json-logs.ts'
import { ProtobufReader } from '@exprsn/core/bytes'

export type { OtlpValue } from './otlp/otlp-record.ts'

/** Options of {@link otlpSink}. */
export interface OtlpSinkOptions extends HttpSinkOptions {
  /** Attributes of the service: `service.name` and what else identifies it. @default { 'service.name': 'app' } */
  readonly resource?: Readonly<Record<string, OtlpValue>> | undefined
  /** How bodies are written. @default 'protobuf' */
  readonly encoding?: 'json' | 'protobuf' | undefined
}

/**
 * Sends lines to anything that takes OTLP over HTTP (`/v1/logs`): the OpenTelemetry Collector and most vendors. Each line
 * carries its id as `log.record.uid`. A server that rejects some lines of a batch does not say which: the whole batch then
 * goes to the dead letters as well, so that nothing is lost.
 *
 * @throws `LOGS_SINK_OPTION_INVALID`
 * @example
 * ```ts no-run
 * import { createShipper } from '@exprsn/logs'
 * import { otlpSink } from '@exprsn/logs/drivers/otlp'
 *
 * const sink = otlpSink({ url: 'http://localhost:4318', resource: { 'service.name': 'shop' } })
 * const shipper = createShipper({ sinks: [sink], spool: './data/spool' })
 * ```
 */
export function otlpSink(options: OtlpSinkOptions): Sink {
  const { resource = { 'service.name': 'app' }, encoding = 'protobuf' } = options
  const connection = httpConnection('otlp', options)
  const isJson = encoding === 'json'
  const contentType = isJson ? 'application/json' : 'application/x-protobuf'
  const encode = (records: readonly LogRecord[]): Uint8Array => {
    const logs = records.map(otlpRecordOf)
    return isJson ? jsonLogs(resource, logs) : protobufLogs(resource, logs)
  }
  return {
    name: connection.name,
    // Each line becomes some forty messages: larger batches would hold up the event loop for too long.
    limits: { records: 1_000 },
    async send(batch, context) {
      const body = encoded(connection.name, batch, encode)
      const response = await connection.post({ path: 'v1/logs', contentType, body }, batch, context)
      return partialSuccess(response.bytes(), isJson, batch)
    },
    close: () => connection.close(),
  }
}

/** ExportLogsPartialSuccess: how many were rejected, and why. A server that says nothing took all. */
function partialSuccess(body: Uint8Array, isJson: boolean, batch: LogBatch): SinkOutcome {
  const { count, reason } = isJson ? readJson(body) : readProtobuf(body)
  if (count === 0) return {}
  const words = `${count} of ${batch.records.length} lines were rejected, the server does not say which: ${reason}`
  return { rejected: batch.records.map((_, index) => ({ index, reason: words })) }
}

function readJson(body: Uint8Array): { count: number; reason: string } {
  try {
    const { partialSuccess: partial } = JSON.parse(Buffer.from(body).toString() || '{}') as {
      readonly partialSuccess?: { readonly rejectedLogRecords?: number | string; readonly errorMessage?: string }
    }
    return { count: Number(partial?.rejectedLogRecords ?? 0), reason: partial?.errorMessage ?? '' }
  } catch {
    return { count: 0, reason: '' }
  }
}

function readProtobuf(body: Uint8Array): { count: number; reason: string } {
  let count = 0
  let reason = ''
  try {
    const response = new ProtobufReader(body)
    while (response.next()) {
      if (response.field !== 1) {
        response.skip()
        continue
      }
      const partial = response.message()
      while (partial.next()) {
        if (partial.field === 1) count = Number(partial.number('int64'))
        else if (partial.field === 2) reason = partial.text()
        else partial.skip()
      }
    }
  } catch {
    // Servers answer with all kinds of bodies; the status has said what matters.
  }
  return { count, reason }
}
