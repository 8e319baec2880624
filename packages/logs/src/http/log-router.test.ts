import { ProtobufWriter, snappyCompress } from '@exprsn/core/bytes'
import { memoryStore } from '@exprsn/core/storage'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { createLogStore, type LogStore } from '../store/index.ts'
import { createLogHandler } from './create-log-handler.ts'

const stores: LogStore[] = []

function served(bodyLimit?: number) {
  const store = createLogStore({ store: memoryStore(), sealAfter: 0, maintenanceInterval: 0 })
  stores.push(store)
  const handler = createLogHandler(store, { bodyLimit })
  const post = (path: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
    handler(new Request(`http://localhost${path}`, { method: 'POST', body: Buffer.from(body), headers }))
  const get = async (path: string) => {
    const response = await handler(new Request(`http://localhost${path}`))
    return { status: response.status, body: (await response.json()) as Record<string, never> }
  }
  const texts = async (query = '*') => {
    const { body } = await get(`/query?order=oldest&q=${encodeURIComponent(query)}`)
    return (body.lines as unknown as { text: string }[]).map(({ text }) => JSON.parse(text) as object)
  }
  return { store, handler, post, get, texts }
}

afterEach(async () => {
  for (const store of stores.splice(0)) await store.close()
})

const json = { 'content-type': 'application/json' }
const protobuf = { 'content-type': 'application/x-protobuf' }

/** A push of one line in protobuf. */
function lokiPush(labels: string): Uint8Array {
  const request = new ProtobufWriter().message(1, (stream) => {
    stream.text(1, labels).message(2, (entry) => {
      entry.message(1, (time) => time.number(1, 'int64', 1_795_000_000).number(2, 'int32', 1_500_000))
      entry.text(2, '{"level":50}').message(3, (pair) => pair.text(1, 'trace').text(2, 'x'))
    })
  })
  return snappyCompress(request.finish())
}

/** An export of one record whose body has so many values in each other. */
function otlpOf(open: string, depth: number, close: string): string {
  return `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":${open.repeat(depth)}{}${close.repeat(depth)}}]}]}]}`
}

describe('a log store over HTTP', () => {
  it('answers only those who are authorized, and reads nothing of others', async () => {
    const { store } = served()
    const authorize = async ({ headers }: Request): Promise<boolean> => headers.get('authorization') === 'Bearer x'
    const handler = createLogHandler(store, { authorize })
    const post = (headers: Record<string, string>) =>
      handler(new Request('http://localhost/lines', { method: 'POST', body: '{"a":1}', headers }))
    const refused = await post({ authorization: 'Bearer y' })
    expect(refused.status).toBe(403)
    expect(await refused.json()).toMatchObject({ code: 'LOGS_HTTP_FORBIDDEN' })
    expect(store.status().waiting).toBe(0)
    expect((await post({ authorization: 'Bearer x' })).status).toBe(200)
    expect(store.status().waiting).toBe(1)
  })

  it('takes lines, packed or not, and answers queries page by page', async () => {
    const { post, get } = served()
    expect(
      await (await post('/lines', '{"time":1795000000000,"a":1}\r\n\n{"time":1795000000001,"a":2}')).json(),
    ).toEqual({ taken: 2 })
    await post('/lines', gzipSync('{"time":1795000000002,"a":3}\n'), { 'content-encoding': 'gzip' })
    await post('/lines', zstdCompressSync('{"time":1795000000003,"a":4}\n'), { 'content-encoding': 'zstd' })
    const first = await get('/query?q=a:>0&limit=3')
    expect(first.body.lines).toMatchObject([
      { text: '{"time":1795000000003,"a":4}', sequence: 4 },
      { sequence: 3 },
      { sequence: 2 },
    ])
    expect((await get(`/query?q=a:>0&cursor=${first.body.cursor}`)).body).toMatchObject({
      lines: [{ sequence: 1 }],
      cursor: null,
    })
    expect((await get(`/query?q=${encodeURIComponent('* | stats sum(a)')}`)).body).toMatchObject({
      rows: [{ 'sum(a)': 10 }],
    })
    expect((await get('/facets?q=*&field=a&field=b&limit=1')).body).toEqual({ a: [{ value: '1', count: 1 }], b: [] })
  })

  it('follows lines as events', async () => {
    const { store, handler, post } = served()
    const response = await handler(new Request('http://localhost/tail?q=level:error'))
    const reader = response.body!.getReader()
    expect(Buffer.from((await reader.read()).value!).toString()).toBe('event: following\ndata: {}\n\n')
    const chunk = reader.read()
    await new Promise((resolve) => setImmediate(resolve))
    await post('/lines', '{"time":1795000000000,"level":30}\n{"time":1795000000001,"level":50}\n')
    expect(Buffer.from((await chunk).value!).toString()).toContain(
      'id: 1795000000001-2\ndata: {"time":1795000000001,"sequence":2',
    )
    await reader.cancel()
    await store.append('{"level":50}')
  })

  it('takes what Elasticsearch takes, whatever old clients add', async () => {
    const { post, texts } = served()
    const body = '{"index":{"_index":"logs","_type":"_doc"}}\n{"msg":"one"}\n{"create":{"_id":"7"}}\n{"msg":"two"}\n'
    const response = await post('/app/_bulk', body)
    expect(response.headers.get('x-elastic-product')).toBe('Elasticsearch')
    expect(await response.json()).toMatchObject({
      errors: false,
      items: [{ index: { _index: 'logs', status: 201 } }, { create: { _index: 'app', _id: '7', status: 201 } }],
    })
    expect(await texts()).toEqual([{ msg: 'one' }, { msg: 'two' }])
  })

  it('takes what Loki takes', async () => {
    const { post, texts } = served()
    const values = [
      ['1795000000000000000', 'plain'],
      ['1795000000001500000', '{"level":50,"app":"own"}', { trace: 'x' }],
    ]
    const response = await post(
      '/loki/api/v1/push',
      JSON.stringify({ streams: [{ stream: { app: 'web' }, values }] }),
      json,
    )
    expect(response.status).toBe(204)
    expect(await texts()).toEqual([
      { time: 1_795_000_000_000, app: 'web', msg: 'plain' },
      { time: 1_795_000_000_001, app: 'own', trace: 'x', level: 50 },
    ])
  })

  it.each([{}, { 'content-encoding': 'snappy' }])('takes what Loki takes in protobuf, with %j', async (headers) => {
    const { post, texts } = served()
    const labels = String.raw`{app="web", path="C:\\\"x\"\n\u00e4", env="prod",}`
    const response = await post('/loki/api/v1/push', lokiPush(labels), { ...protobuf, ...headers })
    expect(response.status).toBe(204)
    expect(await texts('level:error')).toEqual([
      { time: 1_795_000_000_001, app: 'web', path: 'C:\\"x"\nä', env: 'prod', trace: 'x', level: 50 },
    ])
  })

  it('takes what a collector takes', async () => {
    const { post, texts } = served()
    const record = {
      timeUnixNano: '1795000000000000000',
      severityNumber: 17,
      traceId: 'abc',
      body: { stringValue: 'late' },
      attributes: [
        { key: 'took', value: { intValue: '12' } },
        { key: 'tags', value: { arrayValue: { values: [{ stringValue: 'a' }, { boolValue: true }] } } },
        { key: 'user', value: { kvlistValue: { values: [{ key: 'id', value: { doubleValue: 1.5 } }] } } },
      ],
    }
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'api' } }] }
    const response = await post(
      '/v1/logs',
      JSON.stringify({ resourceLogs: [{ resource, scopeLogs: [{ logRecords: [record] }] }] }),
      json,
    )
    expect(await response.json()).toEqual({ partialSuccess: {} })
    expect(await texts('level:error service.name:api')).toEqual([
      {
        time: 1_795_000_000_000,
        level: 50,
        traceId: 'abc',
        'service.name': 'api',
        took: 12,
        tags: ['a', true],
        user: { id: 1.5 },
        msg: 'late',
      },
    ])
  })

  it.for<[string, string | Uint8Array, Record<string, string>, number, string]>([
    ['/_bulk', '{"delete":{}}\n', {}, 501, 'LOGS_HTTP_UNSUPPORTED'],
    ['/_bulk', '{"index":{}}\n', {}, 400, 'LOGS_HTTP_BODY_INVALID'],
    ['/_bulk', '{"index":{}}\nnot json\n', {}, 400, 'LOGS_HTTP_BODY_INVALID'],
    ['/_bulk', '[]\n{}\n', {}, 400, 'LOGS_HTTP_BODY_INVALID'],
    ['/loki/api/v1/push', 'x', { 'content-type': 'text/plain' }, 501, 'LOGS_HTTP_UNSUPPORTED'],
    ['/loki/api/v1/push', 'x', {}, 501, 'LOGS_HTTP_UNSUPPORTED'],
    ['/loki/api/v1/push', 'no snappy', protobuf, 400, 'LOGS_HTTP_BODY_INVALID'],
    ['/loki/api/v1/push', snappyCompress(new Uint8Array(200_000)), protobuf, 413, 'LOGS_HTTP_BODY_TOO_LARGE'],
    ['/loki/api/v1/push', lokiPush('app="web"'), protobuf, 400, 'LOGS_HTTP_BODY_INVALID'],
    ['/loki/api/v1/push', lokiPush('{app=web}'), protobuf, 400, 'LOGS_HTTP_BODY_INVALID'],
    ['/logs/_doc', '[]', {}, 400, 'LOGS_HTTP_BODY_INVALID'],
    ['/loki/api/v1/push', '{"streams":[{"stream":{},"values":[["soon","x"]]}]}', json, 400, 'LOGS_HTTP_BODY_INVALID'],
    ['/loki/api/v1/push', '{}', json, 400, 'LOGS_HTTP_BODY_INVALID'],
    ['/v1/logs', '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":', json, 400, 'LOGS_HTTP_BODY_INVALID'],
    ['/v1/logs', otlpOf('{"arrayValue":{"values":[', 100, ']}}'), json, 400, 'LOGS_HTTP_BODY_INVALID'],
    ['/v1/logs', otlpOf('{"kvlistValue":{"values":[{"value":', 2_000, '}]}}'), json, 400, 'LOGS_HTTP_BODY_INVALID'],
    ['/v1/logs', 'x', protobuf, 400, 'LOGS_HTTP_BODY_INVALID'],
    ['/v1/logs', 'x', { 'content-type': 'text/csv' }, 501, 'LOGS_HTTP_UNSUPPORTED'],
    ['/v1/logs', '{"resourceLogs":[1]}', json, 400, 'LOGS_HTTP_BODY_INVALID'],
    ['/lines', 'x', { 'content-encoding': 'br' }, 501, 'LOGS_HTTP_UNSUPPORTED'],
    ['/lines', 'x', { 'content-encoding': 'gzip' }, 400, 'LOGS_HTTP_BODY_INVALID'],
    ['/lines', gzipSync(Buffer.alloc(10_000_000)), { 'content-encoding': 'gzip' }, 413, 'LOGS_HTTP_BODY_TOO_LARGE'],
    [
      '/lines',
      zstdCompressSync(Buffer.alloc(10_000_000)),
      { 'content-encoding': 'zstd' },
      413,
      'LOGS_HTTP_BODY_TOO_LARGE',
    ],
    ['/lines', 'x'.repeat(200_000), {}, 413, 'LOGS_HTTP_BODY_TOO_LARGE'],
  ])('refuses what it cannot take at %s', async ([path, body, headers, status, code]) => {
    const { post, texts } = served(100_000)
    const response = await post(path, body, headers)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ code })
    expect(await texts()).toEqual([])
  })

  it('says what is wrong with a query', async () => {
    const { get } = served()
    expect(await get('/query?q=%22open')).toMatchObject({ status: 400, body: { code: 'LOGS_QUERY_INVALID' } })
    expect(await get('/query?q=*&cursor=x')).toMatchObject({ status: 400, body: { code: 'LOGS_QUERY_CURSOR' } })
    expect(await get('/query?q=*&limit=-1')).toMatchObject({ status: 400 })
  })
})
