import { createRequire } from 'node:module'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chdbFolder, installChdb } from '@exprsn/real-servers/clickhouse'
import type { Peer } from '../../../../scripts/bench/benchmark.ts'
import type { Engine, Questions } from './engines.ts'

interface Session {
  query(sql: string, format?: string): string
  cleanup(): void
}

const span = 300_000

/** ClickHouse in the process (chDB), its table merged into one part, with one of its two indexes of tokens. */
export function chdbEngine(path: string, index: string): Engine & Questions {
  const session = openSession()
  const table = `lines_${++tables}`
  const file = join(path, 'lines.ndjson')
  session.query(`create table ${table} (time Int64, level Int32, service LowCardinality(String), msg String, raw String,
    index words raw type ${index}) engine = MergeTree order by time`)
  const number = (sql: string): number => Number(session.query(sql, 'TabSeparated').trim())
  return {
    add: (lines) => appendFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join('')),
    finish() {
      session.query(`insert into ${table} select * from file('${file}', 'JSONEachRow',
        'time Int64, level Int32, service String, msg String, raw String')`)
      session.query(`optimize table ${table} final`)
      rmSync(file)
    },
    close: () => closeSession(),
    needle: (id) => number(`select count() from ${table} where hasToken(raw, '${id}')`),
    tokens: (tokens) =>
      number(`select count() from ${table} where ${tokens.map((token) => `hasToken(raw, '${token}')`).join(' and ')}`),
    pattern: (pattern) => number(`select count() from ${table} where match(msg, '${pattern}')`),
    timeRange: (from, to, level) =>
      number(`select count() from ${table} where time >= ${from} and time < ${to} and level = ${level}`),
    histogram: () =>
      session
        .query(
          `select service, intDiv(time, ${span}) * ${span} as bucket, count() from ${table} group by 1, 2 order by 1, 2`,
          'TabSeparated',
        )
        .trimEnd()
        .split('\n')
        .map((row) => row.split('\t'))
        .map(([service, bucket, lines]) => [service!, Number(bucket), Number(lines)] as const),
  }
}

/** A process can have one folder of data: tables of all engines are in it. */
let opened: { readonly session: Session; readonly path: string; users: number } | undefined
let tables = 0

function openSession(): Session {
  if (opened === undefined) {
    const { Session: ChdbSession } = createRequire(`${chdbFolder}/package.json`)('chdb') as {
      readonly Session: new (path: string) => Session
    }
    const path = mkdtempSync(join(tmpdir(), 'exprsn-bench-chdb-'))
    opened = { session: new ChdbSession(path), path, users: 0 }
  }
  opened.users++
  return opened.session
}

function closeSession(): void {
  if (opened === undefined || --opened.users > 0) return
  opened.session.cleanup()
  rmSync(opened.path, { recursive: true, force: true })
  opened = undefined
}

/** Token filters, and the index of texts that came later. */
export const chdbIndexes: Readonly<Record<string, string>> = {
  'chdb-bloom': 'tokenbf_v1(32768, 3, 0) granularity 1',
  'chdb-text': 'text(tokenizer = splitByNonAlpha)',
}

/** Installed on first use, as for the tests: 543 MB. */
export function chdbPeer(name: 'chdb-bloom' | 'chdb-text'): Peer {
  return {
    name,
    available: async () => installChdb(),
    async version() {
      const { query } = createRequire(`${chdbFolder}/package.json`)('chdb') as {
        query(sql: string, format: string): string
      }
      return `ClickHouse ${query('select version()', 'TabSeparated').trim()} (chDB)`
    },
  }
}
