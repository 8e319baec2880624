import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createLogStore } from '@exprsn/logs/store'
import type { Peer } from '../../../../scripts/bench/benchmark.ts'
import type { CorpusLine } from './corpus.ts'

/** Questions that every engine here can be asked. */
export interface Questions {
  /** Lines with the needle. */
  needle(id: string): Promise<number> | number
  /** Lines whose message has all of these tokens. */
  tokens(tokens: readonly string[]): Promise<number> | number
  /** Lines in whose message a pattern of RE2 matches. */
  pattern(pattern: string): Promise<number> | number
  /** Lines by service and by spans of five minutes, in order. */
  histogram(): Promise<readonly (readonly [string, number, number])[]> | readonly (readonly [string, number, number])[]
  /** Lines of a level in a span of time. */
  timeRange(from: number, to: number, level: number): Promise<number> | number
}

/** Something that keeps lines and answers questions about them. */
export interface Engine extends Partial<Questions> {
  add(lines: readonly CorpusLine[]): Promise<void> | void
  /** Everything is durable, and as small as it gets. */
  finish(): Promise<void> | void
  close(): Promise<void> | void
}

const span = 300_000

/** Our store, as it is installed. */
export function ourEngine(path: string): Engine & Questions {
  const store = createLogStore({ path: join(path, 'ours'), sealAfter: 0, maintenanceInterval: 0 })
  const count = async (query: string): Promise<number> => {
    const result = await store.query(`${query} | stats count()`)
    return result.kind === 'rows' ? Number(result.rows[0]!.count) : -1
  }
  return {
    add: (lines) => store.append(lines.map(({ raw }) => raw)),
    finish: () => store.flush(),
    close: () => store.close(),
    needle: (id) => count(id),
    tokens: (tokens) => count(tokens.join(' ')),
    pattern: (pattern) => count(`msg:~"${pattern}"`),
    timeRange: (from, to, level) => count(`level:=${level} _time:[${from}, ${to})`),
    async histogram() {
      const result = await store.query('* | stats count() by service, bucket(5m)')
      if (result.kind !== 'rows') return []
      return result.rows.map(
        ({ service, time, count: lines }) => [String(service), Date.parse(String(time)), Number(lines)] as const,
      )
    },
  }
}

/** SQLite of Node with a full-text index, a write-ahead log that is synced, and 5,000 lines a transaction. */
export function sqliteEngine(path: string): Engine & Omit<Questions, 'pattern'> {
  const database = new DatabaseSync(join(path, 'peer.sqlite'))
  database.exec('pragma journal_mode = wal; pragma synchronous = full')
  database.exec('create table lines (id integer primary key, time integer, level integer, service text, raw text)')
  database.exec(
    "create virtual table words using fts5 (raw, content = '', detail = none, tokenize = \"unicode61 remove_diacritics 0 tokenchars '_'\")",
  )
  const insert = database.prepare('insert into lines (id, time, level, service, raw) values (?, ?, ?, ?, ?)')
  const index = database.prepare('insert into words (rowid, raw) values (?, ?)')
  let id = 0
  const number = (sql: string, ...values: (string | number)[]): number =>
    Number(Object.values(database.prepare(sql).get(...values)!)[0])
  return {
    add(lines) {
      database.exec('begin')
      for (const { raw, time, level, service } of lines) {
        id++
        insert.run(id, time, level, service, raw)
        index.run(id, raw)
      }
      database.exec('commit')
    },
    finish() {
      database.exec('create index by_time on lines (time)')
      database.exec('pragma wal_checkpoint(truncate)')
    },
    close: () => database.close(),
    needle: (text) => number('select count(*) from words where words match ?', `"${text}"`),
    tokens: (tokens) =>
      number('select count(*) from words where words match ?', tokens.map((token) => `"${token}"`).join(' AND ')),
    timeRange: (from, to, level) =>
      number('select count(*) from lines where time >= ? and time < ? and level = ?', from, to, level),
    histogram: () =>
      database
        .prepare(
          `select service, time / ${span} * ${span} as bucket, count(*) as lines from lines group by 1, 2 order by 1, 2`,
        )
        .all()
        .map(({ service, bucket, lines }) => [String(service), Number(bucket), Number(lines)] as const),
  }
}

/** grep over the file of lines; its time is that of the program. */
export function grepEngine(path: string): Engine & Pick<Questions, 'needle'> {
  const file = join(path, 'lines.ndjson')
  return {
    add: (lines) => appendFileSync(file, lines.map(({ raw }) => `${raw}\n`).join('')),
    finish: () => {},
    close: () => {},
    needle: (text) =>
      Number(spawnSync('grep', ['-c', '-F', '-w', text, file], { env: { LC_ALL: 'C' } }).stdout.toString()),
  }
}

/** ripgrep over the file of lines; its time is that of the program. */
export function ripgrepEngine(path: string): Engine & Pick<Questions, 'needle'> {
  const file = join(path, 'lines.ndjson')
  const count = (text: string): number => Number(spawnSync('rg', ['-c', '-F', '-w', text, file]).stdout.toString())
  return { ...grepEngine(path), needle: count }
}

/** Makes an engine with all lines of a corpus in it, in a folder that goes with it. */
export async function filledEngine<Made extends Engine>(
  make: (path: string) => Made,
  lines: Iterable<CorpusLine>,
): Promise<{ readonly engine: Made; close(): Promise<void> }> {
  const path = mkdtempSync(join(tmpdir(), 'exprsn-bench-store-'))
  const engine = make(path)
  await fill(engine, lines)
  return {
    engine,
    async close() {
      await engine.close()
      rmSync(path, { recursive: true, force: true })
    },
  }
}

/** Adds lines, 5,000 at a time. */
export async function fill(engine: Engine, lines: Iterable<CorpusLine>): Promise<void> {
  let batch: CorpusLine[] = []
  for (const line of lines) {
    if (batch.push(line) < 5_000) continue
    await engine.add(batch)
    batch = []
  }
  if (batch.length > 0) await engine.add(batch)
  await engine.finish()
}

/** SQLite is part of Node. */
export const sqlitePeer: Peer = {
  name: 'sqlite-fts5',
  available: async () => undefined,
  version: async () => `node:sqlite ${process.versions.sqlite ?? ''}`,
}

/** GNU grep. */
export const grepPeer: Peer = {
  name: 'grep',
  available: async () => (spawnSync('grep', ['--version']).status === 0 ? undefined : 'there is no grep'),
  version: async () => spawnSync('grep', ['--version']).stdout.toString().split('\n')[0]!,
}

/** Of Debian: `apt-get install ripgrep`. */
export const ripgrepPeer: Peer = {
  name: 'ripgrep',
  available: async () => (spawnSync('rg', ['--version']).status === 0 ? undefined : 'there is no rg'),
  version: async () => spawnSync('rg', ['--version']).stdout.toString().split('\n')[0]!,
}
