import { describe, expect, it } from 'vitest'
import type { ExprsnError } from '../errors/exprsn-error.ts'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import { createMetrics, type Metrics, type MetricsOptions } from './create-metrics.ts'
import type { TextOptions } from './text/write-text.ts'

function setUp(options: MetricsOptions = {}) {
  const problems: ExprsnError[] = []
  const metrics = createMetrics({
    clock: new SimulatedClock(),
    onProblem: (problem) => problems.push(problem),
    ...options,
  })
  return { metrics, problems }
}

async function linesOf(metrics: Metrics, options?: TextOptions): Promise<string[]> {
  let text = ''
  for await (const piece of metrics.text(options)) text += piece
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
}

describe('counters', () => {
  it('count up from a zero that is seen, by labels or without', async () => {
    const { metrics } = setUp({ prefix: 'app' })
    const starts = metrics.counter({ name: 'starts', help: 'Starts.' })
    expect(await linesOf(metrics)).toEqual(['app_starts_total 0'])
    const requests = metrics.counter({ name: 'requests_total', help: 'Requests.', labels: ['status'] })
    starts.add(1)
    starts.bind().add()
    requests.add(2, { status: 200 })
    requests.add(0.5, { status: '200' })
    requests.bind({ status: 500 }).add()
    expect(await linesOf(metrics)).toEqual([
      'app_starts_total 2',
      'app_requests_total{status="200"} 2.5',
      'app_requests_total{status="500"} 1',
    ])
  })

  it.each([Number.NaN, Infinity, -1])('drop %d, tell once and count it', async (amount) => {
    const { metrics, problems } = setUp()
    const starts = metrics.counter({ name: 'starts', help: 'Starts.' })
    starts.add(3)
    starts.add(amount)
    starts.add(amount)
    expect(problems).toMatchObject([{ code: 'CORE_METRICS_VALUE_INVALID', details: { name: 'starts', value: amount } }])
    expect(await linesOf(metrics)).toEqual(['metrics_invalid_total{metric="starts"} 2', 'starts_total 3'])
  })

  it('drop what would make them infinite', async () => {
    const { metrics } = setUp()
    const huge = metrics.counter({ name: 'huge', help: 'Huge.' })
    huge.add(Number.MAX_VALUE)
    huge.add(Number.MAX_VALUE)
    expect(await linesOf(metrics)).toContain(`huge_total ${Number.MAX_VALUE}`)
  })
})

describe('gauges', () => {
  it('go up and down', async () => {
    const { metrics } = setUp()
    const open = metrics.gauge({ name: 'connections', help: 'Open.', labels: ['pool'] })
    open.set(5, { pool: 'a' })
    open.add(-2, { pool: 'a' })
    const bound = open.bind({ pool: 'b' })
    bound.add()
    bound.add(-4.5)
    bound.set(Number.NaN)
    bound.add(Infinity)
    expect(await linesOf(metrics)).toEqual([
      'metrics_invalid_total{metric="connections"} 2',
      'connections{pool="a"} 3',
      'connections{pool="b"} -3.5',
    ])
  })

  it('are observed at each collection: what is not set any more is gone', async () => {
    const { metrics } = setUp()
    const queues = new Map([['mail', 3]])
    metrics.gauge({
      name: 'queue_length',
      help: 'Waiting.',
      labels: ['queue'],
      observe: (set) => {
        for (const [queue, length] of queues) set(length, { queue })
      },
    })
    expect(await linesOf(metrics)).toEqual(['queue_length{queue="mail"} 3'])
    queues.delete('mail')
    queues.set('sms', 1)
    expect(await linesOf(metrics)).toEqual(['queue_length{queue="sms"} 1'])
  })

  it('are left out when the observer throws, the others not', async () => {
    const { metrics, problems } = setUp()
    const cause = new Error('gone')
    metrics.gauge({
      name: 'broken',
      help: 'Broken.',
      observe: () => {
        throw cause
      },
    })
    metrics.counter({ name: 'bytes_read', help: 'Read.', observe: (set) => set(42) })
    expect(await linesOf(metrics)).toEqual(['bytes_read_total 42'])
    expect(await linesOf(metrics)).toEqual(['bytes_read_total 42'])
    expect(problems).toMatchObject([{ code: 'CORE_METRICS_OBSERVER_FAILED', cause }])
  })
})

describe('too many label values', () => {
  it('are added up in one series, counted and told once', async () => {
    const { metrics, problems } = setUp()
    const logins = metrics.counter({ name: 'logins', help: 'Logins.', labels: ['user'], maxSeries: 2 })
    for (let user = 0; user < 1_000; user++) logins.add(1, { user: `u${user}` })
    expect(await linesOf(metrics)).toEqual([
      'metrics_overflow_total{metric="logins"} 998',
      'logins_total{user="u0"} 1',
      'logins_total{user="u1"} 1',
      'logins_total{otel_metric_overflow="true"} 998',
    ])
    expect(problems).toMatchObject([{ code: 'CORE_METRICS_CARDINALITY', details: { name: 'logins', limit: 2 } }])
  })

  it('stay within bounds for a million of them on a histogram', () => {
    const { metrics } = setUp()
    const duration = metrics.histogram({ name: 'duration', help: 'Duration.', labels: ['user'], maxSeries: 100 })
    for (let user = 0; user < 1_000_000; user++) duration.observe(1, { user: `u${user}` })
    const [metric] = metrics
      .toOtlp()
      .resourceMetrics[0]!.scopeMetrics[0]!.metrics.filter(({ name }) => name === 'duration')
    const points = metric!.exponentialHistogram!.dataPoints
    expect([points.length, points.at(-1)!.count]).toEqual([101, '999900'])
  })
})

describe('registration', () => {
  it('gives the same instrument for the same options, so that libraries need not agree who makes it', async () => {
    const { metrics } = setUp()
    for (let turn = 0; turn < 2; turn++) metrics.counter({ name: 'a', help: 'A.', labels: ['x'] }).add(1, { x: 1 })
    expect(await linesOf(metrics)).toEqual(['a_total{x="1"} 2'])
  })

  it.each([
    ['another kind', (metrics: Metrics) => metrics.gauge({ name: 'jobs', help: 'Jobs.' })],
    ['other labels', (metrics: Metrics) => metrics.histogram({ name: 'jobs', help: 'Jobs.', labels: ['a'] })],
    ['other bounds', (metrics: Metrics) => metrics.histogram({ name: 'jobs', help: 'Jobs.', bounds: [1] })],
    ['a sample of the same name', (metrics: Metrics) => metrics.gauge({ name: 'jobs_count', help: 'Jobs.' })],
    ['a bucket of the same name', (metrics: Metrics) => metrics.gauge({ name: 'jobs_bucket', help: 'Jobs.' })],
  ])('refuses %s', (_, register) => {
    const { metrics } = setUp()
    metrics.histogram({ name: 'jobs', help: 'Jobs.' })
    expect(() => register(metrics)).toThrow(expect.objectContaining({ code: 'CORE_METRICS_NAME_TAKEN' }))
  })

  it.each([
    [{ name: '' }, 'CORE_METRICS_NAME_INVALID'],
    [{ name: '1st' }, 'CORE_METRICS_NAME_INVALID'],
    [{ name: 'wall-time' }, 'CORE_METRICS_NAME_INVALID'],
    [{ labels: ['le'] }, 'CORE_METRICS_NAME_INVALID'],
    [{ labels: ['quantile'] }, 'CORE_METRICS_NAME_INVALID'],
    [{ labels: ['__name__'] }, 'CORE_METRICS_NAME_INVALID'],
    [{ labels: ['a b'] }, 'CORE_METRICS_NAME_INVALID'],
    [{ labels: ['a', 'a'] }, 'CORE_METRICS_OPTION_INVALID'],
    [{ maxSeries: 0 }, 'CORE_METRICS_OPTION_INVALID'],
    [{ maxSeries: Number.NaN }, 'CORE_METRICS_OPTION_INVALID'],
    [{ bounds: [] }, 'CORE_METRICS_OPTION_INVALID'],
    [{ bounds: [2, 1] }, 'CORE_METRICS_OPTION_INVALID'],
    [{ bounds: [1, 1] }, 'CORE_METRICS_OPTION_INVALID'],
    [{ bounds: [Number.NaN] }, 'CORE_METRICS_OPTION_INVALID'],
    [{ bounds: [Infinity] }, 'CORE_METRICS_OPTION_INVALID'],
    [{ maxBuckets: 1 }, 'CORE_METRICS_OPTION_INVALID'],
    [{ maxScale: 11 }, 'CORE_METRICS_OPTION_INVALID'],
    [{ text: { smallest: 0.3, largest: 1 } }, 'CORE_METRICS_OPTION_INVALID'],
    [{ text: { smallest: 2, largest: 1 } }, 'CORE_METRICS_OPTION_INVALID'],
  ])('refuses %o', (options, code) => {
    const { metrics } = setUp()
    const make = (): unknown => metrics.histogram<string>({ name: 'ok', help: 'Ok.', ...options })
    expect(make).toThrow(expect.objectContaining({ code }))
  })

  it('is data: everything that a dashboard needs', () => {
    const { metrics } = setUp({ prefix: 'app' })
    metrics.counter({ name: 'sent', unit: 'bytes', help: 'Sent.', labels: ['peer'] })
    metrics.histogram({ name: 'wait_seconds', unit: 'seconds', help: 'Wait.', bounds: [1, 2, Infinity], maxSeries: 9 })
    expect(metrics.describe().slice(2)).toEqual([
      { name: 'app_sent_bytes', kind: 'counter', help: 'Sent.', unit: 'bytes', labels: ['peer'], maxSeries: 2_000 },
      {
        name: 'app_wait_seconds',
        kind: 'histogram',
        help: 'Wait.',
        unit: 'seconds',
        labels: [],
        maxSeries: 9,
        bounds: [1, 2],
      },
    ])
  })
})

describe('measuring', () => {
  it('never throws, not even when the listener to problems does', () => {
    const { metrics } = setUp({
      onProblem: () => {
        throw new Error('listener')
      },
    })
    const sizes = metrics.histogram({ name: 'sizes', help: 'Sizes.', labels: ['a', 'b'] })
    expect(() => sizes.observe(Number.NaN, { a: 1, b: 2 })).not.toThrow()
    expect(() => (sizes.observe as (value: number) => void)(1)).not.toThrow()
    expect(() => sizes.observe(1, { a: null, b: {} } as never)).not.toThrow()
    const sent = metrics.counter({ name: 'sent', help: 'Sent.' })
    const level = metrics.gauge({ name: 'level', help: 'Level.' })
    for (const value of ['5', 5n, null, {}] as unknown[] as number[]) {
      sent.add(value)
      level.add(value)
      level.set(value)
    }
    expect(metrics.toOtlp().resourceMetrics[0]!.scopeMetrics[0]!.metrics.slice(-2)).toMatchObject([
      { sum: { dataPoints: [{ asDouble: 0 }] } },
      { gauge: { dataPoints: [{ asDouble: 0 }] } },
    ])
  })

  it('gives quantiles to those who ask in the process', () => {
    const { metrics } = setUp()
    const wait = metrics.histogram({ name: 'wait', help: 'Wait.' }).bind()
    expect(wait.quantile(0.95)).toBeUndefined()
    for (let value = 1; value <= 100; value++) wait.observe(value)
    expect(wait.quantile(0.95)! / 95).toBeCloseTo(1, 1)
  })
})
