import { makeTemporaryFolder, removeTree, systemDisk } from '@exprsn/core/disk'
import { createRecord, createShipper, type LogRecord } from '@exprsn/logs'
import { clickhouseSink } from '@exprsn/logs/drivers/clickhouse'
import { startClickhouse, type RunningClickhouse } from '@exprsn/real-servers/clickhouse'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hostileLines } from './hostile-lines.ts'

let server: RunningClickhouse
let folder: string
let missing: string | undefined

beforeAll(async () => {
  folder = await makeTemporaryFolder(systemDisk)
  const started = await startClickhouse()
  if ('missing' in started) missing = started.missing
  else server = started
}, 300_000)
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await removeTree(systemDisk, folder)
})

let tables = 0
const newTable = (): string => `logs_${++tables}`
const now = Date.now()
const textOf = (line: string | Uint8Array): string => Buffer.from(line).toString()
const records = (count: number, stepMs = 1): LogRecord[] =>
  Array.from({ length: count }, (_, index) => {
    const line = JSON.stringify({ level: 30 + 10 * (index % 3), time: now - index * stepMs, msg: `line ${index}` })
    return createRecord({ id: `id-${index}`, bytes: Buffer.from(line), fallbackTime: 0 })
  })

/** Skips where ClickHouse's engine cannot be had; with CI=true that is a failure before. */
function needClickhouse(context: { skip(reason: string): never }): void {
  if (missing !== undefined) context.skip(missing)
}

describe('the sink for ClickHouse, with the engine of ClickHouse', () => {
  it('makes its table, also where it is, and inserts time, level, message and the whole line', async (context) => {
    needClickhouse(context)
    const table = newTable()
    const shipper = createShipper({
      sinks: [clickhouseSink({ url: server.url, table, createTable: true })],
      spool: `${folder}/${table}`,
    })
    const line = (index: number): string =>
      JSON.stringify({ level: 40, time: now + index, msg: `"paid" \\ \u00e4 \u{1f600} ${index}\n`, order: index })
    for (let index = 0; index < 5_000; index++) shipper.write(line(index))
    expect(await shipper.flush()).toEqual({ pending: 0 })
    await shipper.close()
    const rows = await server.rows(
      `SELECT line, level, msg, toUnixTimestamp64Milli(time) AS ms FROM ${table} ORDER BY time LIMIT 5000`,
    )
    expect(rows).toHaveLength(5_000)
    for (const [index, row] of rows.entries())
      expect(row).toEqual({
        ...{ line: line(index), level: 'warn', ms: now + index },
        msg: `"paid" \\ \u00e4 \u{1f600} ${index}\n`,
      })
  })

  it('has a line once, however often its batch comes', async (context) => {
    needClickhouse(context)
    const table = newTable()
    const sink = clickhouseSink({ url: server.url, table, createTable: true })
    const attempt = { attempt: 1, signal: AbortSignal.timeout(60_000) }
    await sink.prepare!(attempt)
    await sink.prepare!(attempt)
    const all = records(300)
    await sink.send({ records: all, id: 'all' }, attempt)
    await sink.send({ records: all, id: 'all' }, attempt)
    // After a crash the same lines come in other batches.
    await sink.send({ records: all.slice(0, 200), id: 'some' }, attempt)
    await sink.send({ records: all.slice(100), id: 'others' }, attempt)
    await sink.close?.()
    expect(await server.rows(`SELECT toUInt32(count()) AS n FROM ${table} FINAL`)).toEqual([{ n: 300 }])
    await server.rows(`OPTIMIZE TABLE ${table} FINAL`)
    expect(await server.rows(`SELECT toUInt32(count()) AS n FROM ${table}`)).toEqual([{ n: 300 }])
  })

  it('takes a batch whose lines are of half a year', async (context) => {
    needClickhouse(context)
    const table = newTable()
    const sink = clickhouseSink({ url: server.url, table, createTable: true, retentionDays: 1_000 })
    const attempt = { attempt: 1, signal: AbortSignal.timeout(60_000) }
    await sink.prepare!(attempt)
    await sink.send({ records: records(180, 86_400_000), id: 'half a year' }, attempt)
    await sink.close?.()
    expect(await server.rows(`SELECT toUInt32(count()) AS n FROM ${table}`)).toEqual([{ n: 180 }])
  })

  it('takes every hostile line as it is, times far away included', async (context) => {
    needClickhouse(context)
    const table = newTable()
    const shipper = createShipper({
      sinks: [clickhouseSink({ url: server.url, table, createTable: true, retentionDays: 10_000 })],
      spool: `${folder}/${table}`,
      backoff: 1,
      maxBackoff: 5,
    })
    const lines = Object.values(hostileLines)
    for (const line of lines) shipper.write(line)
    shipper.write(Buffer.from(`{"time":${2 ** 32 * 1_000},"msg":"the end of DateTime"}`))
    expect(await shipper.flush({ deadline: '60s' })).toEqual({ pending: 0 })
    expect(shipper.status().sinks[0]).toMatchObject({ deadLetters: 0 })
    await shipper.close()
    const rows = await server.rows(`SELECT line FROM ${table}`)
    const wanted = [...lines.map(textOf), `{"time":${2 ** 32 * 1_000},"msg":"the end of DateTime"}`]
    expect(rows).toHaveLength(wanted.length)
    expect(new Set(rows.map((row) => row.line))).toEqual(new Set(wanted))
    // What is deleted when it expires is deleted now.
    await server.rows(`OPTIMIZE TABLE ${table} FINAL`)
    expect(await server.rows(`SELECT toUInt32(count()) AS n FROM ${table}`)).toEqual([{ n: wanted.length }])
  })
})
