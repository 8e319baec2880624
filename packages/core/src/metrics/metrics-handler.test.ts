import { describe, expect, it } from 'vitest'
import { createMetrics } from './create-metrics.ts'
import { createMetricsHandler } from './metrics-handler.ts'
import { observeProcess } from './process-metrics.ts'

function setUp() {
  const metrics = createMetrics()
  metrics.gauge({ name: 'level', help: 'Level.' }).set(1)
  const handler = createMetricsHandler(metrics)
  const ask = (init: RequestInit = {}) => handler(new Request('http://localhost/internal/metrics', init))
  return { metrics, ask }
}

describe('createMetricsHandler', () => {
  it('answers in the format that the request accepts', async () => {
    const { ask } = setUp()
    const plain = await ask()
    expect([plain.status, plain.headers.get('content-type'), plain.headers.get('cache-control')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
      'no-store',
    ])
    expect(await plain.text()).toBe('# TYPE level gauge\n# HELP level Level.\nlevel 1\n')
    const open = await ask({ headers: { accept: 'application/openmetrics-text;version=1.0.0' } })
    expect(open.headers.get('content-type')).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8')
    expect(await open.text()).toMatch(/level 1\n# EOF\n$/)
  })

  it('refuses to be written to', async () => {
    const { ask } = setUp()
    const answer = await ask({ method: 'POST', body: 'x' })
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    const head = await ask({ method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
  })

  it('stops writing when the scraper goes away', async () => {
    const { metrics, ask } = setUp()
    let written = 0
    const jobs = metrics.gauge({
      name: 'jobs',
      help: 'Jobs.',
      labels: ['id'],
      maxSeries: 100_000,
      observe: (set) => {
        for (let id = 0; id < 20_000; id++) set(id, { id })
      },
    })
    metrics.gauge({ name: 'last', help: 'Last.', observe: () => void written++ })
    expect(jobs).toBeDefined()
    const reader = (await ask()).body!.getReader()
    await reader.read()
    await reader.cancel()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(written).toBe(0)
    const controller = new AbortController()
    const answer = await ask({ signal: controller.signal })
    controller.abort()
    await expect(answer.text()).rejects.toThrow(/abort/i)
  })
})

describe('observeProcess', () => {
  it('measures this process, and stops when it is closed', async () => {
    const { metrics, ask } = setUp()
    const observation = observeProcess(metrics)
    const array = Array.from({ length: 200_000 }, (_, index) => ({ index }))
    globalThis.gc?.()
    let text = ''
    // A delay is known once the loop's timer has fired twice, which a busy machine holds back.
    while (!text.includes('nodejs_eventloop_lag_seconds{')) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      text = await (await ask()).text()
    }
    const valueOf = (name: string): number => Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1])
    expect(array).toHaveLength(200_000)
    expect(valueOf('process_cpu_seconds_total')).toBeGreaterThan(0)
    expect(valueOf('process_uptime_seconds')).toBeGreaterThan(0)
    expect(valueOf('process_resident_memory_bytes')).toBeGreaterThan(1e7)
    expect(valueOf('nodejs_memory_bytes{area="heap_used"}')).toBeGreaterThan(1e6)
    expect(valueOf('nodejs_eventloop_lag_seconds{share="0.99"}')).toBeGreaterThan(0)
    expect(valueOf('nodejs_eventloop_utilization_ratio')).toBeLessThanOrEqual(1)
    observation.close()
    observation[Symbol.dispose]()
  })
})
