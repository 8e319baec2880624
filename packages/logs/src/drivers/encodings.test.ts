import { ProtobufReader } from '@exprsn/core/bytes'
import { afterEach, describe, expect, it } from 'vitest'
import { createRecord, type LogRecord } from '../record/log-record.ts'
import { simulateLogService, type LogService, type ServiceAnswer, type ServiceRequest } from '../testing/log-service.ts'
import type { LogBatch } from '../sink/sink.ts'
import { clickhouseSink } from './clickhouse.ts'
import { elasticsearchSink } from './elasticsearch.ts'
import { lokiSink } from './loki.ts'
import { otlpRecordOf } from './otlp/otlp-record.ts'
import { otlpSink } from './otlp.ts'
import { syslogSink } from './syslog.ts'
import { bucketSink } from './bucket.ts'
import { memoryStore } from '@exprsn/core/storage'

const services: LogService[] = []
afterEach(async () => {
  for (const service of services.splice(0)) await service.close()
})
async function service(answer: (request: ServiceRequest) => ServiceAnswer): Promise<LogService> {
  const started = await simulateLogService({ answer })
  services.push(started)
  return started
}
const record = (line: string, id = 'ab-1'): LogRecord =>
  createRecord({ id, bytes: Buffer.from(line), fallbackTime: 1_795_000_000_000 })
const batchOf = (...lines: readonly string[]): LogBatch => ({
  id: 'b',
  records: lines.map((line, index) => record(line, `ab-${index + 1}`)),
})
const context = { signal: AbortSignal.timeout(20_000), attempt: 1 }

describe('elasticsearchSink', () => {
  const taken = (request: ServiceRequest): ServiceAnswer => ({
    status: 200,
    body: JSON.stringify({ errors: !request.path.includes('_bulk') }),
  })

  it('puts time and level in front, keeps the fields, and wraps text and spread-out JSON', async () => {
    const { url, requests } = await service(taken)
    const sink = elasticsearchSink({ url, index: 'logs a', pipeline: 'p', compression: 'none' })
    await sink.send(
      batchOf(
        '{"level":50,"time":1795000000000,"msg":"m"}',
        'plain "text"',
        '{}',
        '{"@timestamp":"2026-01-01T00:00:00Z","log.level":"x"}',
        '{"a":\n1}',
      ),
      context,
    )
    expect(requests[0]!.path).toMatch(/^\/logs%20a\/_bulk\?filter_path=.*&pipeline=p$/)
    const documents = requests[0]!.body
      .toString()
      .split('\n')
      .filter((_, index) => index % 2 === 1)
      .map((line) => JSON.parse(line) as object)
    const at = new Date(1_795_000_000_000).toISOString()
    expect(documents).toEqual([
      { '@timestamp': at, 'log.level': 'error', level: 50, time: 1_795_000_000_000, msg: 'm' },
      { '@timestamp': at, time: 1_795_000_000_000, msg: 'plain "text"' },
      { '@timestamp': at },
      { '@timestamp': '2026-01-01T00:00:00Z', 'log.level': 'x' },
      { '@timestamp': at, a: 1 },
    ])
  })

  it('installs a policy and a template; without the policy where there is no _ilm', async () => {
    for (const hasIlm of [true, false]) {
      const { url, requests } = await service(({ path }) => ({
        status: path.includes('_ilm') && !hasIlm ? 400 : 200,
        body: '{}',
      }))
      await elasticsearchSink({ url, template: 'logs-app', retention: '7d' }).prepare!(context)
      expect(requests.map(({ path }) => path)).toEqual(['/_ilm/policy/logs-app', '/_index_template/logs-app'])
      expect(requests[1]!.body.toString().includes('index.lifecycle.name')).toBe(hasIlm)
    }
    const { url } = await service(() => ({ status: 503 }))
    await expect(elasticsearchSink({ url, template: 't' }).prepare!(context)).rejects.toMatchObject({
      code: 'LOGS_SINK_UNAVAILABLE',
    })
    await elasticsearchSink({ url }).prepare!(context)
  })

  it('takes no answer for one that is none', async () => {
    for (const body of ['{}', '{"errors":true,"items":[]}', '{"errors":true}']) {
      const { url } = await service(() => ({ status: 200, body }))
      await expect(elasticsearchSink({ url }).send(batchOf('a'), context)).rejects.toMatchObject({
        code: 'LOGS_SINK_UNAVAILABLE',
      })
    }
  })
})

describe('otlpSink', () => {
  const line =
    '{"level":"warn","time":1795000000000,"msg":"m","n":1,"f":1.5,"b":true,"z":null,"list":[1,"a"],"map":{"k":"v"},"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7"}'

  it('writes every kind of value in JSON', async () => {
    const { url, requests } = await service(() => ({ status: 200, body: '{}' }))
    await otlpSink({ url, encoding: 'json', compression: 'none', resource: { 'service.name': 's', up: true } }).send(
      batchOf(line),
      context,
    )
    const [{ resource, scopeLogs }] = (
      JSON.parse(requests[0]!.body.toString()) as {
        resourceLogs: [{ resource: object; scopeLogs: [{ logRecords: [object] }] }]
      }
    ).resourceLogs
    expect(resource).toEqual({
      attributes: [
        { key: 'service.name', value: { stringValue: 's' } },
        { key: 'up', value: { boolValue: true } },
      ],
    })
    expect(scopeLogs[0].logRecords[0]).toMatchObject({
      timeUnixNano: '1795000000000000000',
      severityNumber: 13,
      severityText: 'warn',
      body: { stringValue: 'm' },
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
      spanId: '00f067aa0ba902b7',
      attributes: [
        { key: 'log.record.uid', value: { stringValue: 'ab-1' } },
        { key: 'n', value: { intValue: '1' } },
        { key: 'f', value: { doubleValue: 1.5 } },
        { key: 'b', value: { boolValue: true } },
        { key: 'z', value: {} },
        { key: 'list', value: { arrayValue: { values: [{ intValue: '1' }, { stringValue: 'a' }] } } },
        { key: 'map', value: { kvlistValue: { values: [{ key: 'k', value: { stringValue: 'v' } }] } } },
      ],
    })
  })

  it('writes the same in protobuf, and cuts what is too deep', async () => {
    const { url, requests } = await service(() => ({ status: 200 }))
    const deep = `${'{"d":'.repeat(40)}1${'}'.repeat(40)}`
    await otlpSink({ url, compression: 'none' }).send(batchOf(line, deep, 'text'), context)
    const request = new ProtobufReader(requests[0]!.body)
    let fields = 0
    while (request.next()) fields += request.message().next() ? 1 : 0
    expect(fields).toBe(1)
    const text = requests[0]!.body.toString('latin1')
    for (const part of ['log.record.uid', 'list', 'map', '[too deep]', 'text', 'warn']) expect(text).toContain(part)
  })

  it('buries a batch of which some lines were rejected, in both encodings', async () => {
    const json = await service(() => ({
      status: 200,
      body: '{"partialSuccess":{"rejectedLogRecords":"1","errorMessage":"no"}}',
    }))
    const outcome = await otlpSink({ url: json.url, encoding: 'json' }).send(batchOf('a', 'b'), context)
    expect(outcome).toMatchObject({ rejected: [{ index: 0, reason: expect.stringContaining('1 of 2') }, { index: 1 }] })
    const protobuf = await service(() => ({ status: 200, body: Uint8Array.of(10, 6, 8, 2, 18, 2, 110, 111) }))
    expect(await otlpSink({ url: protobuf.url }).send(batchOf('a', 'b'), context)).toMatchObject({
      rejected: [{ reason: expect.stringContaining('2 of 2') }, {}],
    })
    const odd = await service(() => ({ status: 200, body: '<html>' }))
    for (const encoding of ['json', 'protobuf'] as const)
      expect(await otlpSink({ url: odd.url, encoding }).send(batchOf('a'), context)).toEqual({})
  })
})

describe('times beyond what a format can say', () => {
  it('become the last one that it can', () => {
    const record = createRecord({
      id: 'x',
      bytes: Buffer.from('{"time":"9999-12-31T23:59:59.999Z"}'),
      fallbackTime: 0,
    })
    expect(otlpRecordOf(record).time).toBe(2n ** 63n - 1n)
  })
})

describe('lokiSink', () => {
  it('makes a stream of each set of labels, and gives equal lines times of their own', async () => {
    const { url, requests } = await service(() => ({ status: 204 }))
    const sink = lokiSink({
      url,
      encoding: 'json',
      compression: 'none',
      tenant: 'shop',
      labels: { job: 'a' },
      labelsOf: ({ fields }) => ({ route: typeof fields.route === 'string' ? fields.route : '' }),
    })
    await sink.send(batchOf('{"level":30,"route":"x"}', '{"level":30,"route":"x"}', '{"level":50}'), context)
    const { streams } = JSON.parse(requests[0]!.body.toString()) as {
      streams: { stream: object; values: [string, string][] }[]
    }
    expect(streams.map(({ stream }) => stream)).toEqual([
      { job: 'a', level: 'info', route: 'x' },
      { job: 'a', level: 'error', route: '' },
    ])
    expect(streams[0]!.values.map(([at]) => at)).toEqual(['1795000000000000001', '1795000000000000002'])
    expect(requests[0]!.headers['x-scope-orgid']).toBe('shop')
  })
})

describe('options', () => {
  it('that make no sense are refused when a sink is made', () => {
    const refused = expect.objectContaining({ code: 'LOGS_SINK_OPTION_INVALID' })
    expect(() => elasticsearchSink({ url: 'nowhere' })).toThrowError(refused)
    expect(() => clickhouseSink({ url: 'http://h', table: 'logs; drop table x' })).toThrowError(refused)
    for (const retentionDays of [0, 10_001, Number.NaN])
      expect(() => clickhouseSink({ url: 'http://h', retentionDays })).toThrowError(refused)
    expect(() => syslogSink({ host: 'h', facility: 99 })).toThrowError(refused)
  })

  it('of credentials become a header', async () => {
    const { url, requests } = await service(() => ({ status: 204 }))
    await lokiSink({ url, username: 'u', password: 'p' }).send(batchOf('a'), context)
    await lokiSink({ url, token: 't', headers: { 'x-extra': '1' } }).send(batchOf('a'), context)
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(['Basic dTpw', 'Bearer t'])
    expect(requests[1]!.headers['x-extra']).toBe('1')
  })
})

describe('bucketSink', () => {
  it('puts lines into the hour they were written in', async () => {
    const store = memoryStore()
    await bucketSink({ store, prefix: 'p' }).send(
      batchOf('{"time":"2026-11-21T05:59:59Z"}', '{"time":"2026-11-21T06:00:00Z"}', '{"time":"2026-11-21T05:00:00Z"}'),
      context,
    )
    const keys: string[] = []
    for await (const { key } of store.list()) keys.push(key)
    expect(keys).toEqual(['p/2026/11/21/05/ab-1+2.ndjson.zst', 'p/2026/11/21/06/ab-2+1.ndjson.zst'])
  })
})
