import { join } from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import type { Peer } from '../../../../scripts/bench/benchmark.ts'
import type { Engine, Questions } from './engines.ts'

const span = 300_000

/** DuckDB in a file, filled through its appender, with a checkpoint at the end; two threads. */
export function duckdbEngine(path: string): Engine & Questions {
  let opening: Promise<{ readonly instance: DuckDBInstance; readonly connection: DuckDBConnection }> | undefined
  const open = () =>
    (opening ??= (async () => {
      const instance = await DuckDBInstance.create(join(path, 'peer.duckdb'), { threads: '2' })
      const connection = await instance.connect()
      await connection.run('create table lines (time bigint, level integer, service varchar, msg varchar, raw varchar)')
      return { instance, connection }
    })())
  const rows = async (sql: string): Promise<unknown[][]> => {
    const { connection } = await open()
    return (await connection.runAndReadAll(sql)).getRowsJson()
  }
  const number = async (sql: string): Promise<number> => Number((await rows(sql))[0]![0])
  const hasToken = (token: string): string => `regexp_matches(raw, '(?i)\\b${token}\\b')`
  return {
    async add(lines) {
      const { connection } = await open()
      const appender = await connection.createAppender('lines')
      for (const { time, level, service, msg, raw } of lines) {
        appender.appendBigInt(BigInt(time))
        appender.appendInteger(level)
        appender.appendVarchar(service)
        appender.appendVarchar(msg)
        appender.appendVarchar(raw)
        appender.endRow()
      }
      appender.closeSync()
    },
    async finish() {
      const { connection } = await open()
      await connection.run('checkpoint')
    },
    async close() {
      const opened = await opening
      opened?.connection.closeSync()
      opened?.instance.closeSync()
    },
    needle: (id) => number(`select count(*) from lines where contains(raw, '${id}')`),
    tokens: (tokens) => number(`select count(*) from lines where ${tokens.map(hasToken).join(' and ')}`),
    pattern: (pattern) => number(`select count(*) from lines where regexp_matches(msg, '${pattern}')`),
    timeRange: (from, to, level) =>
      number(`select count(*) from lines where time >= ${from} and time < ${to} and level = ${level}`),
    async histogram() {
      const found = await rows(
        `select service, time // ${span} * ${span} as bucket, count(*) from lines group by 1, 2 order by 1, 2`,
      )
      return found.map(([service, bucket, lines]) => [String(service), Number(bucket), Number(lines)] as const)
    },
  }
}

/** Installed with the other peers. */
export const duckdbPeer: Peer = {
  name: 'duckdb',
  available: async () => undefined,
  async version() {
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    const version = (await connection.runAndReadAll('select version()')).getRowsJson()[0]![0]
    connection.closeSync()
    instance.closeSync()
    return `DuckDB ${version as string}`
  },
}
