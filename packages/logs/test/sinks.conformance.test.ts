import { sinkConformance, simulateLogService, type ServiceProtocol, type SinkFault } from '@exprsn/logs/testing'
import type { Sink } from '@exprsn/logs'
import { clickhouseSink } from '@exprsn/logs/drivers/clickhouse'
import { elasticsearchSink } from '@exprsn/logs/drivers/elasticsearch'
import { lokiSink } from '@exprsn/logs/drivers/loki'
import { otlpSink } from '@exprsn/logs/drivers/otlp'
import { describe, it } from 'vitest'
import { bulkProtocol, clickhouseProtocol, lokiProtocol, otlpProtocol } from './services/protocols.ts'

const http: readonly SinkFault[] = [
  'outage',
  'busy',
  'reset',
  'answer-lost',
  'poison',
  'slow',
  'unauthorized',
  'too-large',
]

const subjects: readonly (readonly [string, (url: string) => Sink, ServiceProtocol, readonly SinkFault[]])[] = [
  ['elasticsearch', (url) => elasticsearchSink({ url, template: 'logs-app' }), bulkProtocol, [...http, 'partial']],
  [
    'elasticsearch with zstd',
    (url) => elasticsearchSink({ url, compression: 'zstd' }),
    bulkProtocol,
    [...http, 'partial'],
  ],
  ['loki protobuf', (url) => lokiSink({ url }), lokiProtocol, http],
  ['loki json', (url) => lokiSink({ url: `${url}/`, encoding: 'json', tenant: 'a' }), lokiProtocol, http],
  ['otlp protobuf', (url) => otlpSink({ url }), otlpProtocol, http],
  ['otlp json', (url) => otlpSink({ url, encoding: 'json', compression: 'none' }), otlpProtocol, http],
  ['clickhouse', (url) => clickhouseSink({ url, createTable: true }), clickhouseProtocol, http],
]

describe.each(subjects)('%s', (_, create, protocol, faults) => {
  it.each(sinkConformance)('$name', { timeout: 30_000 }, async ({ run }) => {
    const service = await simulateLogService(protocol)
    const sink = create(service.url)
    await run({
      sink,
      faults,
      fail: (fault, times) => service.fail(fault, times),
      messages: async () => service.lines.map(({ message }) => message),
      recognisesRepetitions: true,
    })
    await service.close()
  })
})
