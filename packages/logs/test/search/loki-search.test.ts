import { lokiSink } from '@exprsn/logs/drivers/loki'
import { lokiSearch, type LogSearch } from '@exprsn/logs/search'
import type { Filter, LogStore } from '@exprsn/logs/store'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { spansOf } from '../../src/search/loki/spans.ts'
import { commonQuestions, comparable, firstTime, linesOf, pagesOf, recordsOf, storeOf } from './questions.ts'
import { startLokiSimulator, type LokiSimulator } from './loki-simulator.ts'

let server: LokiSimulator
let store: LogStore
let search: LogSearch
const lines = linesOf(500)
const labels = { job: 'shop' }

beforeAll(async () => {
  server = await startLokiSimulator()
  store = await storeOf(lines)
  await ship(server, lines)
  search = lokiSearch({ url: server.url, labels })
})
afterAll(async () => {
  await search.close()
  await store.close()
  await server[Symbol.asyncDispose]()
})

async function ship({ url }: LokiSimulator, texts: readonly string[]): Promise<void> {
  const sink = lokiSink({ url, labels, encoding: 'json', compression: 'none' })
  const attempt = { attempt: 1, signal: AbortSignal.timeout(60_000) }
  if (texts.length > 0) await sink.send({ records: recordsOf(texts), id: 'all' }, attempt)
  await sink.close?.()
}

const span = '_time:[2026-11-20T10, 2026-11-20T10:59]'

const more = [
  `${span} (timeout OR alice)`,
  `${span} -timeout`,
  `${span} NOT (timeout OR "logged in")`,
  `${span} "connect: ECONN"`,
  `${span} "connect: ECONNRESET (10"`,
  `${span} x_y`,
  `${span} x`,
  `${span} 200`,
  `${span} true`,
  `${span} took`,
  `${span} none`,
  `${span} null`,
  `${span} "über"`,
  `${span} "\\\\ there"`,
  `${span} "say \\"hi"`,
  `${span} time*`,
  `${span} NOT (service:=api took:*)`,
  `${span} NOT (service:=api OR msg:"logged in")`,
  `${span} | stats distinct(service), distinct(http.status)`,
  `${span} | stats distinct(http.status), avg(took) by service`,
  `${span} | stats count() by none, ok`,
  `${span} | stats sum(service)`,
  '_time:[2026-11-20T10:03:07, 2026-11-20T10:31:11] | stats count(), max(took) by bucket(5m), service',
  '_time:[2026-11-20T10:03:07, 2026-11-20T10:04:11] | stats count() by bucket(5m)',
  '_time:[2026-11-20T10:05, 2026-11-20T10:10) | stats count() by bucket(5m)',
]

describe('a search in Loki', () => {
  it.for([...commonQuestions, ...more])('answers %s as the embedded store does', async (query) => {
    const limit = { limit: 1_000 }
    expect(comparable(await search.query(query, limit))).toEqual(comparable(await store.query(query, limit)))
  })

  it('gives all lines page by page, in either order', async () => {
    const query = `${span} service:=api`
    const expected = await pagesOf({ query: (...all) => store.query(...all), close: async () => {} }, query, 17)
    expect(await pagesOf(search, query, 17)).toEqual(expected)
    const oldest = `${query} | sort _time asc`
    expect(await pagesOf(search, oldest, 17)).toEqual(expected.toReversed())
  })

  it('gives all lines page by page, also where many have the same time', async () => {
    await using crowded = await startLokiSimulator()
    const texts = Array.from({ length: 50 }, (_, n) => JSON.stringify({ time: firstTime + Math.floor(n / 20), n }))
    await ship(crowded, texts)
    const all = lokiSearch({ url: crowded.url, labels })
    expect((await pagesOf(all, span, 7)).sort()).toEqual(texts.toSorted())
    await all.close()
  })

  it.for([
    ['*', /span of time/],
    [`${span} | patterns`, /patterns/],
    [`${span} | stats quantile(0.5, took)`, /quantile/],
    [`${span} | stats sum(took) by took`, /same field/],
    [`${span} | stats count() by bucket(1m), bucket(5m) as other`, /two widths/],
    [`${span} NOT took:>5`, /comparison within OR and NOT/],
    [`${span} (took:>5 OR service:=api)`, /comparison within OR and NOT/],
    [`${span} (timeout OR service:=api)`, /any field/],
    [`${span} >5`, /any field/],
    [`${span} =api`, /any field/],
    [`${span} msg:>"t"`, /texts/],
    [`${span} msg:=""`, /empty/],
    [`${span} took:>1e30`, /number/],
    [`${span} OR _time:1h`, /span of time/],
  ] as const)('refuses %s by name', async ([query, message]) => {
    await expect(search.query(query)).rejects.toMatchObject({
      code: 'LOGS_SEARCH_UNSUPPORTED',
      status: 501,
      message: expect.stringMatching(message) as string,
    })
  })

  it('says what the engine says, and refuses options by name', async () => {
    const other = lokiSearch({ url: server.url, labels, tenant: 'nobody' })
    await expect(other.query(span)).rejects.toMatchObject({ code: 'LOGS_SEARCH_REFUSED' })
    await other.close()
    await expect(search.query(span, { cursor: 'x' })).rejects.toMatchObject({ code: 'LOGS_QUERY_CURSOR' })
    await expect(search.query(span, { limit: 6_000 })).rejects.toMatchObject({ code: 'LOGS_SEARCH_UNSUPPORTED' })
    await expect(search.query(`${span} msg:~"(?=x)"`)).rejects.toMatchObject({ code: 'LOGS_QUERY_PATTERN' })
    expect(() => lokiSearch({ url: server.url, labels: { 'a b': 'c' } })).toThrow(/labels/)
    expect(() => lokiSearch({ url: server.url, labels: {} })).toThrow(/labels/)
    expect(() => lokiSearch({ url: 'nowhere' })).toThrow(/url/)
    const gone = lokiSearch({ url: 'http://127.0.0.1:1', labels })
    await expect(gone.query(span)).rejects.toMatchObject({ code: 'LOGS_SEARCH_UNAVAILABLE', retryable: true })
    await gone.close()
  })

  it(
    'finds words where looking at every value finds them, whatever signs are around',
    { timeout: 60_000 },
    async () => {
      const part = fc.constantFrom(
        'api',
        'a',
        'X_y',
        '7',
        'null',
        'true',
        'say "hi"',
        '\\',
        '\n',
        ' ',
        ':',
        ',',
        '}',
        ']',
        '{',
        'ü',
        '.',
        '',
      )
      const text = fc.array(part, { maxLength: 5 }).map((parts) => parts.join(''))
      const value = fc.oneof(text, fc.integer({ min: -20, max: 20 }), fc.constantFrom(true, false, null, 7.5))
      const fields = fc.dictionary(
        text,
        fc.oneof(value, fc.array(value, { maxLength: 3 }), fc.dictionary(text, value, { maxKeys: 2 })),
        { maxKeys: 4 },
      )
      const line = fc.oneof(
        { weight: 5, arbitrary: fields.map((each) => JSON.stringify({ time: firstTime, ...each })) },
        { weight: 1, arbitrary: fields.map((each) => JSON.stringify({ time: firstTime, ...each }, null, 2)) },
        text.filter((each) => !each.trimStart().startsWith('{')),
      )
      const question = fc.tuple(
        text.filter((each) => each !== ''),
        fc.constantFrom('phrase' as const, 'prefix' as const),
      )
      const property = fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 20 }),
        fc.array(question, { minLength: 1, maxLength: 8 }),
        async (texts, questions) => {
          const embedded = await storeOf(texts)
          await using simulator = await startLokiSimulator()
          await ship(simulator, texts)
          const other = lokiSearch({ url: simulator.url, labels })
          for (const [asked, type] of questions) {
            const word: Filter = { type: 'match', test: { type, text: asked } }
            const counted = { type: 'stats', functions: [{ name: 'count', as: 'count' }], by: [] } as const
            const whole: Filter = { type: 'time', from: firstTime, to: firstTime + 1_000 }
            const inLoki = await other.query({ filter: { type: 'and', filters: [whole, word] }, pipes: [counted] })
            const inStore = await embedded.query({ filter: word, pipes: [counted] })
            expect([asked, type, comparable(inLoki)]).toEqual([asked, type, comparable(inStore)])
          }
          await other.close()
          await embedded.close()
        },
      )
      await fc.assert(property, { numRuns: 25 })
    },
  )
})

describe('spans of time', () => {
  it('cover what is asked, each moment once, and none is in two buckets', () => {
    fc.assert(
      fc.property(
        fc.nat(1_000),
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 1, max: 300 }),
        (from, length, width) => {
          const spans = spansOf({ from, to: from + length }, width)
          expect(spans[0]!.from).toBe(from)
          expect(spans.at(-1)!.to).toBe(from + length)
          for (const [index, each] of spans.entries()) {
            if (index > 0) expect(each.from).toBe(spans[index - 1]!.to)
            if (each.step === undefined && each.to > each.from)
              expect(Math.floor(each.from / width)).toBe(Math.floor((each.to - 1) / width))
            else if (each.step !== undefined) expect([each.from % width, each.to % width]).toEqual([0, 0])
          }
        },
      ),
      { numRuns: 200 },
    )
  })
})
