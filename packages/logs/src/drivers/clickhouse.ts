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
  /** How long rows are kept in a table that the sink makes, in days. @default 30 */
  readonly retentionDays?: number | undefined
}

/**
 * Inserts lines into ClickHouse over HTTP: columns `id`, `time`, `level`, `msg` and the whole `line`. The table it makes is
 * a ReplacingMergeTree ordered by time and id: a line that comes twice is one row once parts are merged (or with `FINAL`).
 *
 * Experimental: tried against a server made from the documented API, not against a running ClickHouse.
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
  if (!(retentionDays >= 1)) throw refused(connection.name, 'retentionDays', retentionDays)
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
      const token = `&insert_deduplication_token=${encodeURIComponent(batch.id)}`
      await query(insert, token, encoded(connection.name, batch, rows), batch, context)
    },
    close: () => connection.close(),
  }
}

function rows(records: readonly LogRecord[]): Buffer {
  const lines = records.map(({ id, time, level = '', fields, text }) => {
    const message = fields.msg ?? fields.message ?? ''
    const msg = typeof message === 'string' ? message : JSON.stringify(message)
    return JSON.stringify({
      id,
      time: new Date(time).toISOString().replace('T', ' ').replace('Z', ''),
      level,
      msg,
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
