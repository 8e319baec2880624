import { createSimulatedDisk, SimulatedClock } from '@exprsn/core/testing'
import { memoryStore } from '@exprsn/core/storage'
import { createLogStore, toCsv, type LogStoreOptions, type SavedItem } from '@exprsn/logs/store'
import { createLogHandler } from '@exprsn/logs/http'
import { describe, expect, it } from 'vitest'

const start = 1_795_000_000_000
const quiet = { sealAfter: 0, maintenanceInterval: 0, adoptInterval: 0 } as const

function lineAt(index: number, fields: object = {}): string {
  return JSON.stringify({ time: start + index * 1_000, level: index % 5 === 0 ? 50 : 30, n: index, ...fields })
}

describe('explain', () => {
  it('says of each segment what was read, and why not more', async () => {
    const store = createLogStore({ store: memoryStore(), ...quiet })
    for (let segment = 0; segment < 3; segment++) {
      await store.append(Array.from({ length: 100 }, (_, at) => lineAt(segment * 100 + at, { msg: `word${segment}` })))
      await store.flush()
    }
    await store.append(lineAt(300, { msg: 'word3' }))
    const names = store.status().segments.map(({ name }) => name)
    const none = { blocks: 0, skippedByTime: 0, skippedByOrder: 0, skippedByIndex: 0, matched: 0 }

    const word = await store.explain('word1 | stats count()')
    expect(word.segments).toMatchObject([
      { name: 'memory', rows: 1, skipped: undefined, matched: 0 },
      { name: names[2], rows: 100, skipped: undefined, blocks: 1, skippedByIndex: 1, matched: 0 },
      { name: names[1], minTime: start + 100_000, maxTime: start + 199_000, skippedByIndex: 0, matched: 100 },
      { name: names[0], skippedByIndex: 1, matched: 0 },
    ])
    expect(word.costs).toMatchObject({ segments: 4, blocks: 4, blocksSkipped: 3, matched: 100 })

    const time = await store.explain({ filter: { type: 'time', from: start, to: start + 50_000 }, pipes: [] })
    expect(time.segments.map(({ skipped }) => skipped)).toEqual(['time', 'time', 'time', undefined])
    expect(time.segments[1]).toMatchObject({ ...none, name: names[2], rows: 100, skipped: 'time' })

    const newest = await store.explain('*', { limit: 50 })
    expect(newest.segments.map(({ skipped }) => skipped)).toEqual([undefined, undefined, 'order', 'order'])
    await store.close()
  })
})

describe('the first lines of many', () => {
  it('are found at the end where they begin: blocks behind them are not read', async () => {
    const store = createLogStore({ store: memoryStore(), ...quiet })
    // Three blocks; every thousandth line comes late.
    const times = Array.from({ length: 20_000 }, (_, at) => (at % 1_000 === 999 ? at - 900 : at))
    await store.append(times.map((at) => lineAt(at, { msg: `line ${at} of many` })))
    await store.flush()
    const inOrder = times.toSorted((first, second) => first - second)
    for (const order of ['newest', 'oldest'] as const) {
      const expected = order === 'newest' ? inOrder.toReversed() : inOrder
      const seen: number[] = []
      let cursor: string | undefined
      for (let page = 0; page < 3; page++) {
        const found = await store.query('many', { limit: 400, order, cursor })
        if (found.kind !== 'lines') throw new Error('expected lines')
        seen.push(...found.lines.map(({ text }) => (JSON.parse(text) as { n: number }).n))
        cursor = found.cursor
      }
      expect(seen).toEqual(expected.slice(0, 1_200))
      const { segments } = await store.explain('many', { limit: 100, order })
      expect(segments).toMatchObject([{ blocks: 3, skippedByOrder: 2 }])
    }
    await store.close()
  })
})

describe('a trace', () => {
  it('is shown span by span, whatever loggers call it', async () => {
    const store = createLogStore({ store: memoryStore(), ...quiet })
    await store.append([
      lineAt(0, { traceId: 'abc', spanId: 's1', service: 'web', msg: 'in' }),
      lineAt(3, { traceId: 'abc', spanId: 's1', service: 'web', msg: 'out' }),
      lineAt(1, { trace_id: 'abc', span_id: 's2', 'service.name': 'api' }),
      lineAt(2, { trace: { id: 'abc' } }),
      lineAt(1, { traceId: 'abcd' }),
      lineAt(1, { msg: 'abc' }),
    ])
    const { lines, spans } = await store.trace('abc')
    expect(lines.map(({ text }) => (JSON.parse(text) as { n: number }).n)).toEqual([0, 1, 2, 3])
    expect(spans.map(({ lines: own, ...span }) => ({ ...span, count: own.length }))).toEqual([
      { id: 's1', service: 'web', from: start, to: start + 3_000, count: 2 },
      { id: 's2', service: 'api', from: start + 1_000, to: start + 1_000, count: 1 },
      { id: undefined, service: undefined, from: start + 2_000, to: start + 2_000, count: 1 },
    ])
    expect(await store.trace('none')).toEqual({ lines: [], spans: [] })
    await store.close()
  })
})

describe('what is saved', () => {
  const search: SavedItem = { kind: 'search', name: 'Fehler / heute ä漢', query: 'level:error _time:1d' }
  const dashboard: SavedItem = {
    kind: 'dashboard',
    name: 'overview',
    panels: [{ title: 'by service', query: '* | stats count() by service' }],
  }

  it.for<[string, () => Partial<LogStoreOptions>]>([
    ['a folder', () => ({ path: '/store', disk: createSimulatedDisk({ clock: new SimulatedClock() }) })],
    ['a bucket', () => ({ store: memoryStore(), prefix: 'logs/' })],
  ])('is there again in %s, and gone when it was removed', async ([, optionsOf]) => {
    const options = { ...quiet, ...optionsOf(), clock: new SimulatedClock({ now: start }) }
    const store = createLogStore(options)
    expect(await store.saved.list()).toEqual([])
    await store.saved.put(dashboard)
    await store.saved.put({ ...search, query: 'old' })
    await store.saved.put(search)
    await store.append('{"n":1}')
    await store.close()
    const again = createLogStore(options)
    expect(await again.saved.list()).toEqual([search, dashboard])
    expect(await again.saved.get('search', search.name)).toEqual(search)
    await again.saved.remove('search', search.name)
    await again.saved.remove('search', 'never there')
    expect(await again.saved.get('search', search.name)).toBeUndefined()
    expect(await again.saved.list()).toEqual([dashboard])
    await again.close()
  })

  it.for<[unknown, string]>([
    [{ ...search, name: '' }, 'LOGS_STORE_SAVED_INVALID'],
    [{ ...search, name: 'x'.repeat(101) }, 'LOGS_STORE_SAVED_INVALID'],
    [{ ...search, name: '\ud800' }, 'LOGS_STORE_SAVED_INVALID'],
    [{ ...search, kind: '../segments' }, 'LOGS_STORE_SAVED_INVALID'],
    [{ ...search, query: 7 }, 'LOGS_STORE_SAVED_INVALID'],
    [{ ...search, query: '"open' }, 'LOGS_QUERY_INVALID'],
    [{ ...dashboard, panels: 'all' }, 'LOGS_STORE_SAVED_INVALID'],
    [{ ...dashboard, panels: [null] }, 'LOGS_STORE_SAVED_INVALID'],
    [{ ...dashboard, panels: [{ title: 'x', query: '* |' }] }, 'LOGS_QUERY_INVALID'],
    [null, 'LOGS_STORE_SAVED_INVALID'],
  ])('is refused when it is %j', async ([item, code]) => {
    const store = createLogStore({ store: memoryStore(), ...quiet })
    await expect(store.saved.put(item as SavedItem)).rejects.toMatchObject({ code })
    expect(await store.saved.list()).toEqual([])
    await store.close()
  })
})

it('a table is written as RFC 4180 has it', () => {
  const rows = [
    { a: 'plain', b: 1.5 },
    { a: 'with "quotes", a comma\r\nand a break', b: null },
    { a: '=HYPERLINK(1)', b: -1 },
  ]
  expect([...toCsv(['b', 'a', 'c'], rows)].join('')).toBe(
    `b,a,c\r\n1.5,plain,\r\n,"with ""quotes"", a comma\r\nand a break",\r\n-1,'=HYPERLINK(1),\r\n`,
  )
})

describe('over HTTP', () => {
  async function served() {
    const store = createLogStore({ store: memoryStore(), ...quiet })
    await store.append(Array.from({ length: 50 }, (_, at) => lineAt(at, { traceId: `t${at % 10}`, service: 'api' })))
    const handler = createLogHandler(store)
    const ask = async (path: string, init?: RequestInit) => {
      const response = await handler(new Request(`http://localhost${path}`, init))
      const body = await response.text()
      return { status: response.status, type: response.headers.get('content-type'), body }
    }
    const json = async (path: string) => JSON.parse((await ask(path)).body) as Record<string, unknown[]>
    return { store, ask, json }
  }

  it('context, traces, explanations and exports are there', async () => {
    const { store, ask, json } = await served()
    const around = await json(`/context?time=${start + 10_000}&sequence=11&before=1&after=2`)
    expect(around.lines).toMatchObject([{ sequence: 10 }, { sequence: 12 }, { sequence: 13 }])
    expect((await json('/trace/t3')).spans).toMatchObject([{ service: 'api', lines: [{}, {}, {}, {}, {}] }])
    expect((await json('/explain?q=level:error')).segments).toMatchObject([{ name: 'memory', matched: 10 }])

    const lines = await ask('/export?q=level:error')
    expect([lines.status, lines.type]).toEqual([200, 'application/x-ndjson'])
    expect(lines.body).toBe(
      Array.from(
        { length: 10 },
        (_, at) => `${lineAt(at * 5, { traceId: `t${(at * 5) % 10}`, service: 'api' })}\n`,
      ).join(''),
    )
    const table = await ask(`/export?format=csv&q=${encodeURIComponent('* | stats count() by level')}`)
    expect([table.type, table.body]).toEqual(['text/csv; charset=utf-8', 'level,count\r\n30,40\r\n50,10\r\n'])
    await store.close()
  })

  it('searches and dashboards are kept', async () => {
    const { store, ask, json } = await served()
    const put = (path: string, body: string) => ask(path, { method: 'PUT', body })
    expect((await put('/saved/search/errors', '{"query":"level:error"}')).status).toBe(200)
    expect((await put('/saved/dashboard/all', '{"panels":[{"title":"x","query":"*"}],"other":1}')).status).toBe(200)
    expect((await json('/saved')).items).toEqual([
      { kind: 'search', name: 'errors', query: 'level:error' },
      { kind: 'dashboard', name: 'all', panels: [{ title: 'x', query: '*' }] },
    ])
    expect((await ask('/saved/search/errors', { method: 'DELETE' })).status).toBe(204)
    expect((await json('/saved')).items).toHaveLength(1)
    await store.close()
  })

  it.for([
    '/context?time=now&sequence=1',
    '/export?format=xml',
    '/export?format=csv&q=*',
    '/export?q=*%20|%20limit%201',
    '/export?q=%22open',
    '/explain?q=%22open',
  ])('%s is refused', async (path) => {
    const { store, ask } = await served()
    const { status, body } = await ask(path)
    expect(status).toBe(400)
    expect(JSON.parse(body)).toMatchObject({ code: expect.stringMatching(/^LOGS_/) as string })
    await store.close()
  })

  it.for(['{}', 'no json', '[]', '{"query":"\\"open"}'])('a search is not saved when it is %s', async (body) => {
    const { store, ask } = await served()
    expect((await ask('/saved/search/x', { method: 'PUT', body })).status).toBe(400)
    expect(await store.saved.list()).toEqual([])
    await store.close()
  })
})
