import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../testing/clock/simulated-clock.ts'
import { createMetrics, type Metrics } from '../create-metrics.ts'
import type { OtlpMetric, OtlpMetricsRequest } from './otlp-metrics.ts'
import { pushOtlp } from './push-otlp.ts'

function setUp() {
  const clock = new SimulatedClock({ now: 1_700_000_000_000 })
  return { clock, metrics: createMetrics({ clock }) }
}

function metricsOf(request: OtlpMetricsRequest): readonly OtlpMetric[] {
  return request.resourceMetrics[0]!.scopeMetrics[0]!.metrics
}

const start = { startTimeUnixNano: '1700000000000000000' }
const times = { ...start, timeUnixNano: '1700000000250000000' }
const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } })

describe('toOtlp', () => {
  it('has counters as monotonic sums, gauges as gauges', async () => {
    const { clock, metrics } = setUp()
    metrics.counter({ name: 'sent', unit: 'bytes', help: 'Sent.', labels: ['to'] }).add(3, { to: 'a' })
    metrics.gauge({ name: 'level', help: 'Level.' }).set(-1)
    await clock.advanceBy(250)
    const request = metrics.toOtlp({ resource: { 'service.name': 'shop' } })
    expect(request.resourceMetrics[0]!.resource).toEqual({ attributes: [attribute('service.name', 'shop')] })
    expect(metricsOf(request)).toEqual([
      {
        name: 'sent_bytes',
        description: 'Sent.',
        unit: 'By',
        sum: {
          dataPoints: [{ attributes: [attribute('to', 'a')], ...times, asDouble: 3 }],
          aggregationTemporality: 2,
          isMonotonic: true,
        },
      },
      {
        name: 'level',
        description: 'Level.',
        unit: '',
        gauge: { dataPoints: [{ attributes: [], ...times, asDouble: -1 }] },
      },
    ])
  })

  it('has histograms with bounds, and examples with their ids', async () => {
    const { clock, metrics } = setUp()
    const wait = metrics.histogram({ name: 'wait', unit: 'seconds', help: 'Wait.', bounds: [1, 2] })
    await clock.advanceBy(250)
    for (const value of [0.5, 1, 9]) wait.observe(value, undefined, { trace_id: 'ab', span_id: 'cd', shop: 'x' })
    const exemplar = {
      timeUnixNano: times.timeUnixNano,
      traceId: 'ab',
      spanId: 'cd',
      filteredAttributes: [attribute('shop', 'x')],
    }
    expect(metricsOf(metrics.toOtlp())[0]).toEqual({
      name: 'wait_seconds',
      description: 'Wait.',
      unit: 's',
      histogram: {
        aggregationTemporality: 2,
        dataPoints: [
          {
            attributes: [],
            ...times,
            count: '3',
            sum: 10.5,
            min: 0.5,
            max: 9,
            bucketCounts: ['2', '0', '1'],
            explicitBounds: [1, 2],
            exemplars: [
              { ...exemplar, asDouble: 1 },
              { ...exemplar, asDouble: 9 },
            ],
          },
        ],
      },
    })
  })

  it('has all buckets of exponential histograms: their offset and scale give back the values', () => {
    const { metrics } = setUp()
    const wait = metrics.histogram({ name: 'wait', unit: 'fathoms', help: 'Wait.', maxScale: 2 })
    for (const value of [0, 1.1, 1.1, 7.9]) wait.observe(value)
    const [metric] = metricsOf(metrics.toOtlp())
    const [point] = metric!.exponentialHistogram!.dataPoints
    expect(metric!.unit).toBe('{fathoms}')
    expect(point).toMatchObject({ count: '4', zeroCount: '1', scale: 2, min: 0, max: 7.9 })
    const base = 2 ** (2 ** -point!.scale)
    const { offset, bucketCounts } = point!.positive
    const ranges = bucketCounts.flatMap((count, index) =>
      count === '0' ? [] : [{ count, from: base ** (offset + index), to: base ** (offset + index + 1) }],
    )
    expect(ranges.map(({ count }) => count)).toEqual(['2', '1'])
    expect(ranges[0]!.from < 1.1 && 1.1 <= ranges[0]!.to && ranges[1]!.from < 7.9 && 7.9 <= ranges[1]!.to).toBe(true)
  })

  it('has an empty exponential histogram without extremes, and the overflow series by its attribute', () => {
    const { metrics } = setUp()
    metrics.histogram({ name: 'wait', help: 'Wait.' })
    const users = metrics.counter({ name: 'users', help: 'Users.', labels: ['id'], maxSeries: 1 })
    for (const id of [1, 2, 3]) users.add(1, { id })
    const found = metricsOf(metrics.toOtlp())
    expect(found.find(({ name }) => name === 'wait')!.exponentialHistogram!.dataPoints[0]).toEqual({
      attributes: [],
      ...start,
      timeUnixNano: start.startTimeUnixNano,
      count: '0',
      sum: 0,
      scale: 8,
      zeroCount: '0',
      positive: { offset: 0, bucketCounts: [] },
    })
    expect(found.find(({ name }) => name === 'users')!.sum!.dataPoints.at(-1)).toMatchObject({
      attributes: [{ key: 'otel.metric.overflow', value: { boolValue: true } }],
      asDouble: 2,
    })
  })
})

describe('pushOtlp', () => {
  function many(): Metrics {
    const { metrics } = setUp()
    const jobs = metrics.counter({ name: 'jobs', help: 'Jobs.', labels: ['id'] })
    for (let id = 0; id < 25; id++) jobs.add(1, { id })
    metrics.gauge({ name: 'level', help: 'Level.' }).set(1)
    return metrics
  }

  it('sends every point once, in requests of limited size, to a real server', async () => {
    const bodies: OtlpMetricsRequest[] = []
    const keys: unknown[] = []
    const server = createServer((request, response) => {
      keys.push([request.method, request.headers['content-type'], request.headers['x-key']])
      void text(request).then((body) => {
        bodies.push(JSON.parse(body))
        response.end('{}')
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/metrics`
    expect(await pushOtlp(many(), { url, batch: 10, headers: { 'x-key': 'secret' }, resource: { a: 'b' } })).toBe(26)
    await new Promise((resolve) => server.close(resolve))
    expect(
      bodies.map((body) => metricsOf(body).map((metric) => (metric.sum ?? metric.gauge)!.dataPoints.length)),
    ).toEqual([[10], [10], [5, 1]])
    expect(bodies.every((body) => body.resourceMetrics[0]!.resource.attributes[0]!.key === 'a')).toBe(true)
    expect(keys[0]).toEqual(['POST', 'application/json', 'secret'])
  })

  it('tells why when the collector refuses or is away', async () => {
    const refuse = async () => new Response('no', { status: 429 })
    await expect(pushOtlp(many(), { url: 'http://localhost', fetch: refuse })).rejects.toMatchObject({
      code: 'CORE_METRICS_PUSH_FAILED',
      retryable: true,
      message: 'The collector did not take the metrics: status 429.',
    })
    const cause = new TypeError('fetch failed')
    await expect(
      pushOtlp(many(), { url: 'http://localhost', fetch: () => Promise.reject(cause) }),
    ).rejects.toMatchObject({ code: 'CORE_METRICS_PUSH_FAILED', cause })
  })

  it('ends with its signal, and sends nothing when there is nothing', async () => {
    const never = () => Promise.reject(new Error('must not be called'))
    const signal = AbortSignal.abort('stop')
    await expect(pushOtlp(many(), { url: 'http://localhost', fetch: never, signal })).rejects.toBe('stop')
    expect(await pushOtlp(createMetrics(), { url: 'http://localhost', fetch: never })).toBe(0)
  })
})
