import { elasticsearchSink } from '@exprsn/logs/drivers/elasticsearch'
import { elasticsearchSearch, elasticsearchSearchTemplate, type LogSearch } from '@exprsn/logs/search'
import type { LogStore } from '@exprsn/logs/store'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lucenePattern } from '../../src/search/elasticsearch/lucene-pattern.ts'
import { anyFilter, anyLine } from '../store/random-lines.ts'
import { startElasticsearchSimulator, type ElasticsearchSimulator } from './elasticsearch-simulator.ts'
import { commonQuestions, comparable, firstTime, linesOf, pagesOf, recordsOf, storeOf } from './questions.ts'

let server: ElasticsearchSimulator
let store: LogStore
let search: LogSearch
const lines = linesOf(500)

beforeAll(async () => {
  server = await startElasticsearchSimulator()
  store = await storeOf(lines)
  await ship(server, lines)
  search = elasticsearchSearch({ url: server.url, index: 'logs-shop' })
})
afterAll(async () => {
  await search.close()
  await store.close()
  await server[Symbol.asyncDispose]()
})

async function ship({ url }: ElasticsearchSimulator, texts: readonly string[]): Promise<void> {
  const sink = elasticsearchSink({ url, index: 'logs-shop' })
  const attempt = { attempt: 1, signal: AbortSignal.timeout(60_000) }
  if (texts.length > 0) await sink.send({ records: recordsOf(texts), id: 'all' }, attempt)
  await sink.close?.()
}

/** Without what the sink adds. */
function fieldsOf(text: string): unknown {
  const { '@timestamp': _time, 'log.level': _level, ...fields } = JSON.parse(text) as Record<string, unknown>
  return fields
}

const more = [
  'took:>500',
  'tags:red',
  'tags:=t2',
  '"connect: ECONN"',
  '"connect: ECONNRESET (10"',
  'x_y',
  'x',
  '200',
  'none:*',
  'msg:~"a(li|b)ce .*in$"',
  'msg:~"[^a-z ]\\d+ ?s"',
  'msg:>"t"',
  '"über"',
  '* | stats min(msg), sum(service)',
  '* | stats count() by none, ok',
]

describe('a search in Elasticsearch', () => {
  it.for([...commonQuestions, ...more])('answers %s as the embedded store does', async (query) => {
    const limit = { limit: 1_000 }
    expect(comparable(await search.query(query, limit), fieldsOf)).toEqual(
      comparable(await store.query(query, limit), fieldsOf),
    )
  })

  it('gives all lines page by page, also where many have the same time', async () => {
    await using crowded = await startElasticsearchSimulator()
    const texts = Array.from({ length: 50 }, (_, index) =>
      JSON.stringify({ time: firstTime + Math.floor(index / 20), n: index }),
    )
    await ship(crowded, texts)
    const all = elasticsearchSearch({ url: crowded.url })
    const found = (await pagesOf(all, '*', 7)).map((text) => (fieldsOf(text) as { n: number }).n)
    expect(found.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index))
    await all.close()
  })

  it('asks for groups page by page, and stops where there are too many', async () => {
    await using crowded = await startElasticsearchSimulator()
    const texts = Array.from({ length: 2_500 }, (_, n) => JSON.stringify({ time: firstTime + n, n }))
    await ship(crowded, texts)
    const all = elasticsearchSearch({ url: crowded.url })
    const result = await all.query('* | stats count() by n')
    expect(result.kind === 'rows' && result.rows).toHaveLength(2_500)
    expect(crowded.searches).toHaveLength(3)
    await all.close()
    const few = elasticsearchSearch({ url: crowded.url, maxGroups: 100 })
    await expect(few.query('* | stats count() by n')).rejects.toMatchObject({ code: 'LOGS_QUERY_TOO_COSTLY' })
    await few.close()
  })

  it.for([
    ['* | patterns', /patterns/],
    ['* | stats quantile(0.5, took)', /quantile/],
    ['* | stats distinct(took)', /distinct/],
    ['msg:~"\\\\bx"', /\\b/],
    ['msg:~"(?i)x"', /flags/],
    ['msg:~"^a|b"', /anchor/],
    ['msg:~"a^b"', /anchor/],
    ['msg:~"[[:alpha:]]"', /by name/],
  ] as const)('refuses %s by name', async ([query, message]) => {
    await expect(search.query(query)).rejects.toMatchObject({
      code: 'LOGS_SEARCH_UNSUPPORTED',
      status: 501,
      message: expect.stringMatching(message) as string,
    })
  })

  it('gives estimates where they are allowed', async () => {
    const estimating = elasticsearchSearch({ url: server.url, allowEstimates: true })
    const query = '* | stats distinct(service) as services, quantile(0.5, took) as half'
    expect(await estimating.query(query)).toMatchObject({ rows: [{ services: 3, half: expect.any(Number) as number }] })
    await estimating.close()
  })

  it('says what the engine says, and takes half an answer for none', async () => {
    server.answerNext({ status: 403, body: '{"error":"no such permission"}' })
    await expect(search.query('*')).rejects.toMatchObject({
      code: 'LOGS_SEARCH_REFUSED',
      message: expect.stringContaining('no such permission') as string,
    })
    server.answerNext({ status: 503, body: '{}' })
    await expect(search.query('*')).rejects.toMatchObject({ code: 'LOGS_SEARCH_UNAVAILABLE', retryable: true })
    server.answerNext({ status: 200, body: '{"timed_out":false,"_shards":{"failed":1},"hits":{"hits":[]}}' })
    await expect(search.query('*')).rejects.toMatchObject({ code: 'LOGS_SEARCH_UNAVAILABLE' })
    await expect(search.query('*', { cursor: 'x' })).rejects.toMatchObject({ code: 'LOGS_QUERY_CURSOR' })
    await expect(search.query('*', { limit: 20_000 })).rejects.toMatchObject({ code: 'LOGS_SEARCH_UNSUPPORTED' })
  })

  it('keeps every kind of value as the searches ask for it', () => {
    const { template } = elasticsearchSearchTemplate('logs-shop')
    expect(template).toMatchObject({
      mappings: {
        dynamic_templates: [{ string: { mapping: { type: 'keyword', copy_to: 'all_values' } } }, {}, {}, {}],
      },
    })
  })

  it('finds what looking at every line finds, whatever is asked', { timeout: 60_000 }, async () => {
    const property = fc.asyncProperty(
      fc.array(anyLine.filter(isPlain), { minLength: 1, maxLength: 25 }),
      fc.array(anyFilter.filter(isAsked), { minLength: 1, maxLength: 8 }),
      async (texts, filters) => {
        const embedded = await storeOf(texts)
        await using simulator = await startElasticsearchSimulator()
        await ship(simulator, texts)
        const other = elasticsearchSearch({ url: simulator.url })
        for (const filter of filters) {
          const stats = { type: 'stats', functions: [{ name: 'count', as: 'count' }], by: [] } as const
          const query = { filter, pipes: [stats] }
          expect(comparable(await other.query(query))).toEqual(comparable(await embedded.query(query)))
        }
        await other.close()
        await embedded.close()
      },
    )
    await fc.assert(property, { numRuns: 30 })
  })
})

describe('a pattern for Lucene', () => {
  it.for([
    ['a.c', '.*(a[^\n]c).*'],
    ['^a+?$', '(a+)'],
    ['x{2,3}"#', '.*(x{2,3}\\"\\#).*'],
    ['[a-z\\d_-]', '.*([a-z0-9_\\-]).*'],
    ['(?:ab|\\$)\\.', '.*((ab|\\$)\\.).*'],
    ['a\\$', '.*(a\\$).*'],
  ] as const)('%s is %s', ([pattern, expected]) => {
    expect(lucenePattern(pattern)).toBe(expected)
  })
})

/** Lines with a time, and without numbers that JSON may write in several ways. */
function isPlain(line: string): boolean {
  return /"time":1[0-9]{12}[,}]/.test(line) && !/1e\+?21|"__proto__"|"":/.test(line)
}

/** What the sink and the index know less of: the level of one field, and anchors of one of several alternatives. */
function isAsked(filter: Parameters<typeof JSON.stringify>[0]): boolean {
  return !/"level"|__proto__|"field":""/.test(JSON.stringify(filter))
}
