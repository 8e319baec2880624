import type { LogRecord } from '../record/log-record.ts'
import { encoded } from '../sink/encoded.ts'
import { sinkErrors } from '../sink/errors.ts'
import { httpConnection, type HttpSinkOptions } from '../sink/http-sink.ts'
import { jsonText } from '../sink/ndjson.ts'
import type { LogBatch, RejectedLine, Sink, SinkContext, SinkOutcome } from '../sink/sink.ts'

/** Options of {@link elasticsearchSink}. */
export interface ElasticsearchSinkOptions extends HttpSinkOptions {
  /** Data stream or index. @default 'logs-app-default' */
  readonly index?: string | undefined
  /**
   * Installs an index template of this name for the data stream, with `@timestamp` as a date, unless one exists; and, on
   * Elasticsearch, a life-cycle policy with `retention`. False for a place that is prepared already. @default false
   */
  readonly template?: string | false | undefined
  /** Of the life-cycle policy, as Elasticsearch writes it. @default '30d' */
  readonly retention?: string | undefined
  /** Ingest pipeline. @default none */
  readonly pipeline?: string | undefined
}

const answerFields = 'filter_path=errors,items.*.status,items.*.error.type,items.*.error.reason'

/**
 * Sends lines to Elasticsearch 8 and 9 or OpenSearch through `_bulk`. Each line is created under its own id, so that one
 * that comes twice is taken once; after a rollover of a data stream only within the same backing index. Lines get an
 * `@timestamp` and a `log.level` unless they have them.
 *
 * Tried against recorded answers of the documented API, not against a running server.
 *
 * @throws `LOGS_SINK_OPTION_INVALID`
 * @example
 * ```ts no-run
 * import { createShipper } from '@exprsn/logs'
 * import { elasticsearchSink } from '@exprsn/logs/drivers/elasticsearch'
 *
 * const sink = elasticsearchSink({ url: 'http://localhost:9200', index: 'logs-shop-production', template: 'logs-shop' })
 * const shipper = createShipper({ sinks: [sink], spool: './data/spool' })
 * ```
 */
export function elasticsearchSink(options: ElasticsearchSinkOptions): Sink {
  const { index = 'logs-app-default', template = false, retention = '30d', pipeline } = options
  const connection = httpConnection('elasticsearch', options)
  const path = `${encodeURIComponent(index)}/_bulk?${answerFields}${pipeline === undefined ? '' : `&pipeline=${encodeURIComponent(pipeline)}`}`

  async function put(place: string, body: object, context: SinkContext): Promise<void> {
    const request = {
      path: place,
      method: 'PUT',
      contentType: 'application/json',
      body: Buffer.from(JSON.stringify(body)),
    }
    await connection.post(request, { records: [], id: place }, context)
  }

  return {
    name: connection.name,
    async prepare(context) {
      if (template === false) return
      const hasPolicy = await put(
        `_ilm/policy/${encodeURIComponent(template)}`,
        lifecyclePolicy(retention),
        context,
      ).then(
        () => true,
        // OpenSearch has no _ilm: its state management is left to the operator.
        (thrown: unknown) => isRefusedPlace(thrown, connection.name),
      )
      await put(
        `_index_template/${encodeURIComponent(template)}`,
        indexTemplate(index, hasPolicy ? template : undefined),
        context,
      )
    },
    async send(batch, context) {
      const body = encoded(connection.name, batch, bulkBody)
      const response = await connection.post({ path, contentType: 'application/x-ndjson', body }, batch, context)
      return outcomeOf(response.json() as BulkAnswer, batch, connection.name)
    },
    close: () => connection.close(),
  }
}

interface BulkAnswer {
  readonly errors?: boolean | undefined
  readonly items?: readonly Readonly<Record<string, BulkItem>>[] | undefined
}

interface BulkItem {
  readonly status?: number | undefined
  readonly error?: { readonly type?: string | undefined; readonly reason?: string | undefined } | undefined
}

function bulkBody(records: readonly LogRecord[]): Buffer {
  let body = ''
  for (const record of records) body += `{"create":{"_id":${JSON.stringify(record.id)}}}\n${documentOf(record)}\n`
  return Buffer.from(body)
}

/** A line with time and level in front of its own fields, which are not touched. */
function documentOf(record: LogRecord): string {
  const { fields, level } = record
  const front: string[] = []
  if (!Object.hasOwn(fields, '@timestamp')) front.push(`"@timestamp":"${new Date(record.time).toISOString()}"`)
  if (level !== undefined && !Object.hasOwn(fields, 'log.level')) front.push(`"log.level":"${level}"`)
  const text = jsonText(record)
  if (front.length === 0) return text
  const isEmpty = record.isJson && Object.keys(fields).length === 0
  return `{${front.join(',')}${isEmpty ? '' : ','}${text.slice(1)}`
}

/** What an answer says of each line. 409: it is there already, from an attempt whose answer was lost. */
function outcomeOf({ errors, items }: BulkAnswer, batch: LogBatch, sink: string): SinkOutcome {
  if (errors === false) return {}
  if (errors === undefined || items?.length !== batch.records.length)
    throw sinkErrors.LOGS_SINK_UNAVAILABLE({ sink, reason: 'the answer to _bulk is not one' })
  const retry: number[] = []
  const rejected: RejectedLine[] = []
  for (const [index, item] of items.entries()) {
    const { status = 0, error } = Object.values(item)[0] ?? {}
    if ((status >= 200 && status < 300) || status === 409) continue
    if (status === 429 || status >= 500 || status === 0) retry.push(index)
    else rejected.push({ index, reason: `${error?.type ?? status}: ${error?.reason ?? ''}` })
  }
  return { retry, rejected }
}

function lifecyclePolicy(retention: string): object {
  const hot = { actions: { rollover: { max_age: '1d', max_primary_shard_size: '50gb' } } }
  return { policy: { phases: { hot, delete: { min_age: retention, actions: { delete: {} } } } } }
}

function indexTemplate(index: string, policy: string | undefined): object {
  const properties = { '@timestamp': { type: 'date' }, 'log.level': { type: 'keyword' } }
  const settings = policy === undefined ? {} : { 'index.lifecycle.name': policy }
  return { index_patterns: [index], data_stream: {}, priority: 200, template: { settings, mappings: { properties } } }
}

/** False when the service does not know the place; anything else is thrown on. */
function isRefusedPlace(thrown: unknown, sink: string): boolean {
  const { code, cause } = thrown as {
    readonly code?: unknown
    readonly cause?: { readonly details?: { readonly status?: unknown } }
  }
  const status = cause?.details?.status
  if (code === 'LOGS_SINK_REFUSED' || status === 404 || status === 405) return false
  throw thrown instanceof Error ? thrown : sinkErrors.LOGS_SINK_UNAVAILABLE({ sink, reason: 'unknown' })
}
