import fc from 'fast-check'
import { clickhouseSink } from '@exprsn/logs/drivers/clickhouse'
import { clickhouseSearch, type LogSearch } from '@exprsn/logs/search'
import type { LogStore } from '@exprsn/logs/store'
import { startClickhouse, type RunningClickhouse } from '@exprsn/real-servers/clickhouse'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { anyFilter, anyLine } from '../store/random-lines.ts'
import { commonQuestions, comparable, linesOf, pagesOf, recordsOf, storeOf } from './questions.ts'

let server: RunningClickhouse
let missing: string | undefined
let store: LogStore
let search: LogSearch
const lines = linesOf(500)

beforeAll(async () => {
  const started = await startClickhouse()
  if ('missing' in started) {
    missing = started.missing
    return
  }
  server = started
  store = await storeOf(lines)
  search = await filled('logs', lines)
}, 300_000)
afterAll(async () => {
  await search?.close()
  await store?.close()
  await server?.[Symbol.asyncDispose]()
})

/** Skips where ClickHouse's engine cannot be had; with CI=true that is a failure before. */
function needClickhouse(context: { skip(reason: string): never }): void {
  if (missing !== undefined) context.skip(missing)
}

async function filled(table: string, texts: readonly string[]): Promise<LogSearch> {
  const sink = clickhouseSink({ url: server.url, table, createTable: true, retentionDays: 10_000 })
  const attempt = { attempt: 1, signal: AbortSignal.timeout(60_000) }
  await sink.prepare!(attempt)
  if (texts.length > 0) await sink.send({ records: recordsOf(texts), id: 'all' }, attempt)
  await sink.close?.()
  return clickhouseSearch({ url: server.url, table })
}

const more = [
  'took:>500',
  'tags:red',
  'tags:=t2',
  '"connect: ECONN"',
  'hi"',
  'x_y',
  'x',
  '200',
  'none:*',
  'timeout* | stats count() by level',
  '* | stats distinct(service), distinct(took), quantile(0.5, took), quantile(0.95, took)',
  '* | stats quantile(0.9, took), distinct(tags) by service',
  '* | stats count() by none, ok',
  '* | stats min(msg), sum(service)',
  '"über"',
  'msg:>"t"',
]

describe('a search in ClickHouse', () => {
  it.for([...commonQuestions, ...more])('answers %s as the embedded store does', async (question, context) => {
    needClickhouse(context)
    const query = question.replace(/hi"$/, '"say \\"hi"')
    const limit = { limit: 1_000 }
    expect(comparable(await search.query(query, limit))).toEqual(comparable(await store.query(query, limit)))
  })

  it('gives all lines page by page, in either order', async (context) => {
    needClickhouse(context)
    const query = 'service:=api'
    const expected = await pagesOf({ query: (...all) => store.query(...all), close: async () => {} }, query, 17)
    expect(await pagesOf(search, query, 17)).toEqual(expected)
    expect(expected.length).toBeGreaterThan(100)
  })

  it('refuses by name what it cannot answer, and says what the engine says', async (context) => {
    needClickhouse(context)
    const refused = (part: RegExp) => ({
      code: 'LOGS_SEARCH_UNSUPPORTED',
      message: expect.stringMatching(part) as string,
    })
    await expect(search.query('* | patterns')).rejects.toMatchObject(refused(/patterns/))
    await expect(search.query('a.b.c.d.e:1')).rejects.toMatchObject(refused(/a\.b\.c\.d\.e/))
    await expect(search.query('msg:~"(?=x)"')).rejects.toMatchObject({ code: 'LOGS_QUERY_PATTERN' })
    const other = clickhouseSearch({ url: server.url, table: 'not_there' })
    await expect(other.query('*')).rejects.toMatchObject({ code: 'LOGS_SEARCH_REFUSED' })
    await other.close()
    await expect(search.query('* | stats count() by took')).resolves.toMatchObject({ kind: 'rows' })
    const few = clickhouseSearch({ url: server.url, maxGroups: 5, maxSortedLines: 5 })
    await expect(few.query('* | stats count() by took')).rejects.toMatchObject({ code: 'LOGS_QUERY_TOO_COSTLY' })
    await expect(few.query('* | sort took')).rejects.toMatchObject({ code: 'LOGS_QUERY_TOO_COSTLY' })
    await expect(few.query('*', { cursor: 'x' })).rejects.toMatchObject({ code: 'LOGS_QUERY_CURSOR' })
    await few.close()
  })

  it('takes no text of a query for SQL', async (context) => {
    needClickhouse(context)
    for (const text of ["') OR 1=1 --", '\\', "\\'", '\t\n', '{p0:String}', '\0', "';DROP TABLE logs;--"]) {
      const test = { type: 'equals', text } as const
      const filter = { type: 'match', field: 'msg', test } as const
      expect(comparable(await search.query({ filter, pipes: [] }))).toEqual([])
    }
    expect(comparable(await search.query('* | stats count()'))).toEqual({ columns: ['count'], rows: [[500]] })
  })

  it('finds what looking at every line finds, whatever is asked', { timeout: 120_000 }, async (context) => {
    needClickhouse(context)
    let tables = 0
    const property = fc.asyncProperty(
      fc.array(anyLine.filter(isPlain), { minLength: 1, maxLength: 25 }),
      fc.array(
        anyFilter.filter((filter) => !asksLevel(JSON.stringify(filter))),
        { minLength: 1, maxLength: 8 },
      ),
      async (texts, filters) => {
        const [embedded, other] = [await storeOf(texts), await filled(`random_${++tables}`, texts)]
        for (const filter of filters) {
          const stats = { type: 'stats', functions: [{ name: 'count', as: 'count' }], by: [] } as const
          const query = { filter, pipes: [stats] }
          expect(comparable(await other.query(query))).toEqual(comparable(await embedded.query(query)))
        }
        await other.close()
        await embedded.close()
        await server.rows(`DROP TABLE random_${tables}`)
      },
    )
    await fc.assert(property, { numRuns: 6 })
  })
})

/** Lines without numbers that JSON may write in several ways, and with a time: what says none comes at another one here. */
function isPlain(line: string): boolean {
  return /"time":1[0-9]{12}[,}]/.test(line) && !/1e\+?21|"__proto__"/.test(line)
}

function asksLevel(filter: string): boolean {
  return filter.includes('"level"')
}
