// Clients as they are installed, with nothing changed but the address, ship to the handler over a real socket.
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { context, trace, TraceFlags } from '@opentelemetry/api'
import { OTLPLogExporter as JsonExporter } from '@opentelemetry/exporter-logs-otlp-http'
import { OTLPLogExporter as ProtobufExporter } from '@opentelemetry/exporter-logs-otlp-proto'
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { toNodeHandler } from '@exprsn/core/http'
import { memoryStore } from '@exprsn/core/storage'
import { createLogHandler } from '@exprsn/logs/http'
import { createLogStore, type LogStore } from '@exprsn/logs/store'
import { pino } from 'pino'
import pinoElasticsearch from 'pino-elasticsearch'
import { pinoLoki } from 'pino-loki'
import { afterEach, describe, expect, it, vi } from 'vitest'

// A CommonJS module whose types say that it has a default export.
const elasticsearchStream = pinoElasticsearch as unknown as typeof pinoElasticsearch.default

const open: { readonly server: Server; readonly store: LogStore }[] = []

async function served() {
  const store = createLogStore({ store: memoryStore(), sealAfter: 0, maintenanceInterval: 0 })
  const server = createServer(toNodeHandler(createLogHandler(store)))
  open.push({ server, store })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const found = async (query: string) => {
    const result = await store.query(query, { limit: 10_000, order: 'oldest' })
    return result.kind === 'lines'
      ? result.lines.map(
          ({ time, text }) => ({ time, ...(JSON.parse(text) as Record<string, unknown>) }) as Record<string, unknown>,
        )
      : []
  }
  return { store, found, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

afterEach(async () => {
  for (const { server, store } of open.splice(0)) {
    server.closeAllConnections()
    server.close()
    await store.close()
  }
})

describe('the OpenTelemetry SDK', () => {
  it.each([
    ['protobuf', ProtobufExporter],
    ['JSON', JsonExporter],
  ])('ships every record once, with all its fields, as %s', async (_, Exporter) => {
    const { url, found } = await served()
    const provider = new LoggerProvider({
      resource: resourceFromAttributes({ 'service.name': 'api', 'host.cpus': 8 }),
      processors: [new BatchLogRecordProcessor({ exporter: new Exporter({ url: `${url}/v1/logs` }) })],
    })
    const logger = provider.getLogger('checkout', '1.4.0')
    const span = {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      traceFlags: TraceFlags.SAMPLED,
    }
    const values = {
      took: 812,
      share: 0.25,
      late: true,
      large: 2 ** 40,
      negative: -7,
      tags: ['a', 'b'],
      user: { id: 7, name: 'ä 漢 "q"' },
    }
    logger.emit({
      timestamp: 1_795_000_000_000,
      severityNumber: 17,
      severityText: 'ERROR',
      body: 'upstream timed out',
      eventName: 'upstream.timeout',
      attributes: values,
      context: trace.setSpanContext(context.active(), span),
    })
    for (let seq = 0; seq < 1_000; seq++)
      logger.emit({ timestamp: 1_795_000_000_001 + seq, severityNumber: 9, body: { msg: 'step', seq } })
    await provider.forceFlush()
    await provider.shutdown()

    expect(await found('level:error service.name:=api')).toEqual([
      {
        time: 1_795_000_000_000,
        level: 'ERROR',
        traceId: span.traceId,
        spanId: span.spanId,
        eventName: 'upstream.timeout',
        'service.name': 'api',
        'host.cpus': 8,
        'otel.scope.name': 'checkout',
        'otel.scope.version': '1.4.0',
        ...values,
        msg: 'upstream timed out',
      },
    ])
    const steps = await found('step')
    expect(steps.map(({ seq }) => seq)).toEqual(Array.from({ length: 1_000 }, (__, seq) => seq))
    expect(steps[999]).toMatchObject({ time: 1_795_000_001_000, level: 30, 'service.name': 'api' })
  })
})

describe('transports of pino', () => {
  it.each([
    [
      'pino-loki',
      (host: string): NodeJS.WritableStream => pinoLoki({ host, labels: { app: 'shop' }, batching: { interval: 1 } }),
    ],
    [
      'pino-elasticsearch',
      (node: string): NodeJS.WritableStream =>
        elasticsearchStream({ node, index: 'shop', flushBytes: 10_000, flushInterval: 200 }),
    ],
  ])('%s ships every line once, with all its fields', async (target, streamTo) => {
    const { url, found } = await served()
    const from = Date.now()
    const stream = streamTo(url)
    const failures: unknown[] = []
    for (const event of ['error', 'insertError', 'unknown']) stream.on(event, (error) => failures.push(error))
    const logger = pino(stream)
    for (let seq = 0; seq < 1_000; seq++) logger.warn({ seq, user: { id: seq } }, 'paid')
    const isDone = target === 'pino-elasticsearch' ? once(stream, 'insert') : undefined
    stream.end()
    await isDone
    await vi.waitFor(async () => expect(await found('paid')).toHaveLength(1_000), { timeout: 120_000, interval: 50 })

    const lines = await found('paid level:warn')
    expect(lines.map(({ seq }) => seq).toSorted((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 1_000 }, (__, seq) => seq),
    )
    for (const { seq, user, time, msg } of lines) {
      expect({ msg, user }).toEqual({ msg: 'paid', user: { id: seq } })
      expect(new Date(time as number).getTime()).toBeGreaterThanOrEqual(from)
    }
    expect(failures).toEqual([])
  })
})

it('rsyslog looks whether somebody is there, and ships in bulk or one by one', async () => {
  const { url, found } = await served()
  expect((await fetch(`${url}/_cat/health`, { method: 'HEAD' })).status).toBe(200)
  // What omelasticsearch 8.2412 writes with bulkmode="on" and the template of its documentation.
  const line = {
    '@timestamp': '2026-11-18T11:06:40.123456+00:00',
    host: 'db-1',
    severity: 'err',
    message: 'disk is full',
  }
  const bulk = `{"index":{"_index": "logs","_type":"events"}}\n${JSON.stringify(line)}\n`
  const taken = await fetch(`${url}/_bulk`, {
    method: 'POST',
    body: bulk,
    headers: { 'content-type': 'application/json' },
  })
  expect(await taken.json()).toMatchObject({ errors: false, items: [{ index: { status: 201 } }] })
  const single = await fetch(`${url}/logs/_doc`, { method: 'POST', body: JSON.stringify({ ...line, host: 'db-2' }) })
  expect([single.status, await single.json()]).toMatchObject([201, { result: 'created' }])

  expect(await found('"disk is full" level:error')).toEqual([
    { time: Date.parse('2026-11-18T11:06:40.123Z'), ...line },
    { time: Date.parse('2026-11-18T11:06:40.123Z'), ...line, host: 'db-2' },
  ])
})
