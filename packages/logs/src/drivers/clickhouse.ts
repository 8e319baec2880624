import { toUSVString } from 'node:util'
import { encoded } from '../sink/encoded.ts'
import { sinkErrors } from '../sink/errors.ts'
import { httpConnection, type HttpSinkOptions } from '../sink/http-sink.ts'
import type { LogRecord } from '../record/log-record.ts'
import type { LogBatch, Sink, SinkContext } from '../sink/sink.ts'

/** Options of {@link clickhouseSink}. */
export interface ClickhouseSinkOptions extends HttpSinkOptions {
  /** `table` or `database.table`: letters, digits and `_`. @default 'logs' */
  readonly table?: string | undefined
  /** Makes the table unless it exists. @default false */
  readonly createTable?: boolean | undefined
  /** How long rows are kept in a table that the sink makes, in days, at most 10,000. @default 30 */
  readonly retentionDays?: number | undefined
}

const day = 86_400_000
const mostDays = 10_000
/** 2106-02-07T06:28:16Z, in milliseconds: ClickHouse's `DateTime` are 32 bits of seconds. */
const endOfDateTime = 2 ** 32 * 1_000

/**
 * Inserts lines into ClickHouse over HTTP: columns `id`, `time`, `level`, `msg` and the whole `line`. The table it makes is
 * a ReplacingMergeTree ordered by time and id: a line that comes twice is one row once parts are merged (or with `FINAL`).
 *
 * Experimental: tried with ClickHouse's engine (chDB), whose SQL, types and limits are the server's, behind a small HTTP server
 * of our own; not against a running ClickHouse server. Times after about 2105, which its `DateTime` cannot hold together with the
 * retention, are stored as the last that it can; `line` has what the line says.
 *
 * @throws `LOGS_SINK_OPTION_INVALID`
 * @example
 * ```ts no-run
 * import { createShipper } from '@exprsn/logs'
 * import { clickhouseSink } from '@exprsn/logs/drivers/clickhouse'
 *
 * const sink = clickhouseSink({ url: 'http://localhost:8123', table: 'ops.logs', createTable: true })
 * const shipper = createShipper({ sinks: [sink], spool: './data/spool' })
 * ```
 */
export function clickhouseSink(options: ClickhouseSinkOptions): Sink {
  const { table = 'logs', createTable = false, retentionDays = 30 } = options
  const connection = httpConnection('clickhouse', options)
  if (!/^\w+(\.\w+)?$/.test(table)) throw refused(connection.name, 'table', table)
  if (!(retentionDays >= 1 && retentionDays <= mostDays)) throw refused(connection.name, 'retentionDays', retentionDays)
  const latest = endOfDateTime - (Math.floor(retentionDays) + 1) * day
  const insert = `INSERT INTO ${table} (id, time, level, msg, line) FORMAT JSONEachRow`

  async function query(text: string, settings: string, body: Uint8Array, batch: LogBatch, context: SinkContext) {
    const path = `?query=${encodeURIComponent(text)}&wait_end_of_query=1${settings}`
    await connection.post({ path, contentType: 'application/x-ndjson', body }, batch, context)
  }

  return {
    name: connection.name,
    limits: { records: 20_000, bytes: 8 * 2 ** 20 },
    linger: '1s',
    async prepare(context) {
      const statement = Buffer.from(tableStatement(table, Math.floor(retentionDays)))
      if (createTable)
        await connection.post(
          { path: '', contentType: 'text/plain', body: statement, packed: true },
          { records: [], id: 'table' },
          context,
        )
    },
    async send(batch, context) {
      // Lines of more than a hundred days in one batch are rare, and refused for ever without the second setting.
      const settings = `&insert_deduplication_token=${encodeURIComponent(batch.id)}&max_partitions_per_insert_block=0`
      const body = encoded(connection.name, batch, (records) => rows(records, latest))
      await query(insert, settings, body, batch, context)
    },
    close: () => connection.close(),
  }
}

function rows(records: readonly LogRecord[], latest: number): Buffer {
  const lines = records.map(({ id, time, level = '', fields, text }) => {
    const message = fields.msg ?? fields.message ?? ''
    const msg = typeof message === 'string' ? message : JSON.stringify(message)
    return JSON.stringify({
      id,
      // What expires is worked out in 32 bits: a time beyond would expire at once.
      time: new Date(Math.min(time, latest)).toISOString().replace('T', ' ').replace('Z', ''),
      level,
      // Half a character, which JSON can escape, is none that ClickHouse takes.
      msg: toUSVString(msg),
      line: text,
    })
  })
  return Buffer.from(`${lines.join('\n')}\n`)
}

function tableStatement(table: string, days: number): string {
  return `CREATE TABLE IF NOT EXISTS ${table} (
    id String, time DateTime64(3, 'UTC'), level LowCardinality(String), msg String, line String CODEC(ZSTD(3))
  ) ENGINE = ReplacingMergeTree ORDER BY (time, id) PARTITION BY toDate(time) TTL toDateTime(time) + INTERVAL ${days} DAY`
}

function refused(sink: string, option: string, value: unknown) {
  return sinkErrors.LOGS_SINK_OPTION_INVALID({ sink, option, value })
}
