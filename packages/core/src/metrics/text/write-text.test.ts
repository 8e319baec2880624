import fc from 'fast-check'
import parse from 'parse-prometheus-text-format'
import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../../testing/clock/simulated-clock.ts'
import { createMetrics, type Metrics } from '../create-metrics.ts'
import type { TextOptions } from './write-text.ts'

async function textOf(metrics: Metrics, options?: TextOptions): Promise<string> {
  let text = ''
  for await (const piece of metrics.text(options)) text += piece
  return text
}

/** One of each, on a clock that stands still. */
function sample(): Metrics {
  const metrics = createMetrics({ prefix: 'app', clock: new SimulatedClock({ now: 1_700_000_000_250 }) })
  metrics.counter({ name: 'sent', unit: 'bytes', help: 'Bytes "sent".', labels: ['peer'] }).add(
    7,
    { peer: 'a"b\\c\nd' },
    {
      trace_id: 'abc',
    },
  )
  metrics.gauge({ name: 'temperature', help: 'Now.\nHere.' }).set(-3.5)
  const wait = metrics.histogram({ name: 'wait', unit: 'seconds', help: 'Wait.', labels: ['to'], bounds: [0.5, 1] })
  wait.observe(0.5, { to: 'x' })
  wait.observe(0.7, { to: 'x' }, { trace_id: 'abc', span_id: 'def' })
  wait.observe(30, { to: 'x' })
  return metrics
}

describe('the text of a registry', () => {
  it('is OpenMetrics to the letter', async () => {
    expect(await textOf(sample(), { format: 'openmetrics' })).toBe(
      String.raw`# TYPE app_sent_bytes counter
# UNIT app_sent_bytes bytes
# HELP app_sent_bytes Bytes \"sent\".
app_sent_bytes_total{peer="a\"b\\c\nd"} 7 # {trace_id="abc"} 7 1700000000.25
# TYPE app_temperature gauge
# HELP app_temperature Now.\nHere.
app_temperature -3.5
# TYPE app_wait_seconds histogram
# UNIT app_wait_seconds seconds
# HELP app_wait_seconds Wait.
app_wait_seconds_bucket{to="x",le="0.5"} 1
app_wait_seconds_bucket{to="x",le="1.0"} 2 # {trace_id="abc",span_id="def"} 0.7 1700000000.25
app_wait_seconds_bucket{to="x",le="+Inf"} 3
app_wait_seconds_sum{to="x"} 31.2
app_wait_seconds_count{to="x"} 3
# EOF
`,
    )
  })

  it('is Prometheus 0.0.4 to the letter', async () => {
    expect(await textOf(sample())).toBe(
      String.raw`# TYPE app_sent_bytes_total counter
# HELP app_sent_bytes_total Bytes "sent".
app_sent_bytes_total{peer="a\"b\\c\nd"} 7
# TYPE app_temperature gauge
# HELP app_temperature Now.\nHere.
app_temperature -3.5
# TYPE app_wait_seconds histogram
# HELP app_wait_seconds Wait.
app_wait_seconds_bucket{to="x",le="0.5"} 1
app_wait_seconds_bucket{to="x",le="1"} 2
app_wait_seconds_bucket{to="x",le="+Inf"} 3
app_wait_seconds_sum{to="x"} 31.2
app_wait_seconds_count{to="x"} 3
`,
    )
  })

  it('means to another parser what was measured, whatever stands in the labels', async () => {
    const values = fc.array(
      fc.tuple(fc.string({ unit: 'binary' }), fc.string(), fc.double({ min: -1e9, max: 1e300, noNaN: true })),
    )
    await fc.assert(
      fc.asyncProperty(values, async (measured) => {
        const metrics = createMetrics()
        const latest = metrics.gauge({ name: 'latest', help: 'Latest.', labels: ['of', 'at'] })
        const expected = new Map<string, object>()
        for (const [of, at, value] of measured) {
          latest.set(value, { of, at })
          expected.set(JSON.stringify([of, at]), { labels: { of, at }, value: value + 0 })
        }
        const found = parse(await textOf(metrics))[0]?.metrics ?? []
        expect(found.map(({ labels, value }) => ({ labels, value: Number(value) + 0 }))).toEqual([...expected.values()])
      }),
      { numRuns: 200 },
    )
  })

  it('has the buckets of a histogram as another parser counts them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 2_000 }), { minLength: 1 }), async (values) => {
        const metrics = createMetrics()
        const sizes = metrics.histogram({ name: 'sizes', help: 'Sizes.', bounds: [1, 1_000] })
        for (const value of values) sizes.observe(value)
        const upTo = (bound: number): string => String(values.filter((value) => value <= bound).length)
        expect(parse(await textOf(metrics))).toEqual([
          {
            name: 'sizes',
            help: 'Sizes.',
            type: 'HISTOGRAM',
            metrics: [
              {
                buckets: { 1: upTo(1), 1000: upTo(1_000), '+Inf': upTo(Infinity) },
                count: upTo(Infinity),
                sum: String(values.reduce((left, right) => left + right)),
              },
            ],
          },
        ])
      }),
      { numRuns: 200 },
    )
  })

  it('has exact cumulative counts at powers of two for an exponential histogram', async () => {
    const durations = fc.array(fc.double({ min: 0, max: 5_000, noNaN: true }), { minLength: 1, maxLength: 100 })
    await fc.assert(
      fc.asyncProperty(durations, async (values) => {
        const metrics = createMetrics()
        const wait = metrics.histogram({ name: 'wait', help: 'Wait.' })
        for (const value of values) wait.observe(value)
        const [family] = parse(await textOf(metrics))
        const buckets = Object.entries(family!.metrics[0]!.buckets!)
        for (const [bound, count] of buckets)
          expect([bound, count]).toEqual([
            bound,
            String(values.filter((value) => bound === '+Inf' || value <= Number(bound)).length),
          ])
        expect(buckets.length).toBeGreaterThan(1)
      }),
      { numRuns: 200 },
    )
  })

  it('shows 18 bounds of an exponential histogram from the first value on, each with its latest example', async () => {
    const metrics = createMetrics({ clock: new SimulatedClock({ now: 1_000 }) })
    const wait = metrics.histogram({ name: 'wait', help: 'Wait.' })
    wait.observe(3, undefined, { trace_id: 'a' })
    wait.observe(1e-9, undefined, { trace_id: 'tiny' })
    wait.observe(1e9, undefined, { trace_id: 'huge' })
    wait.observe(3.5, undefined, { trace_id: 'b' })
    const lines = (await textOf(metrics, { format: 'openmetrics' })).split('\n')
    expect(lines.filter((line) => line.startsWith('wait_bucket'))).toHaveLength(18)
    expect(lines.filter((line) => line.includes(' # '))).toEqual([
      'wait_bucket{le="0.0009765625"} 1 # {trace_id="tiny"} 1e-9 1',
      'wait_bucket{le="4.0"} 3 # {trace_id="b"} 3.5 1',
      'wait_bucket{le="+Inf"} 4 # {trace_id="huge"} 1000000000 1',
    ])
  })
})

describe('writing', () => {
  it('says nothing of instruments without series, but ends OpenMetrics', async () => {
    const metrics = createMetrics()
    metrics.counter({ name: 'never', help: 'Never.', labels: ['a'] })
    expect([await textOf(metrics), await textOf(metrics, { format: 'openmetrics' })]).toEqual(['', '# EOF\n'])
  })

  it('lets the event loop go on: thousands of series never hold it for long', async () => {
    const metrics = createMetrics()
    const wait = metrics.histogram({ name: 'wait', help: 'Wait.', labels: ['id'], maxSeries: 10_000 })
    for (let id = 0; id < 10_000; id++) wait.observe(id, { id })
    let turns = 0
    let isOver = false
    const count = (): void => {
      turns++
      if (!isOver) setImmediate(count)
    }
    setImmediate(count)
    const text = await textOf(metrics)
    isOver = true
    expect(text.match(/^wait_count\{/gm)).toHaveLength(10_000)
    expect(turns).toBeGreaterThan(5)
  })

  it('goes on after a pause where it was, while series are being added', async () => {
    const metrics = createMetrics()
    const jobs = metrics.counter({ name: 'jobs', help: 'Jobs.', labels: ['id'], maxSeries: 100_000 })
    for (let id = 0; id < 5_000; id++) jobs.add(1, { id })
    const seen: string[] = []
    let added = 5_000
    for await (const piece of metrics.text()) {
      seen.push(...piece.split('\n').filter((line) => line.startsWith('jobs_total{')))
      if (added < 5_100) jobs.add(1, { id: added++ })
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBeGreaterThanOrEqual(5_000)
  })

  it('ends with the reason of its signal', async () => {
    const metrics = createMetrics()
    metrics.gauge({ name: 'a', help: 'A.' }).set(1)
    await expect(textOf(metrics, { signal: AbortSignal.abort('enough') })).rejects.toBe('enough')
  })
})
