import { createHash } from 'node:crypto'
import { createMetrics } from '@exprsn/core/metrics'
import { Histogram, Registry } from 'prom-client'
import { ours, type Benchmark } from '../../../scripts/bench/benchmark.ts'
import { durations, labelNames, labelSets } from './metrics/label-sets.ts'
import { promClient } from './metrics/peers.ts'

const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** The longest that a scrape of 1,000 series with equal buckets keeps the event loop from everybody else. */
export const benchmark: Benchmark = {
  name: 'core/scrape-1000-histograms',
  unit: 'ms',
  measure: 'wall',
  better: 'lower',
  target: 2,
  peers: [promClient],
  async prepare() {
    const subjects: Readonly<Record<string, () => Promise<string>>> = {
      [ours]: ourScrape(),
      [promClient.name]: promScrape(),
    }
    return {
      async run(name) {
        const { longest, text } = await longestBlock(subjects[name]!)
        return { value: longest, hash: hashOfSamples(text) }
      },
      async close() {},
    }
  },
}

function ourScrape(): () => Promise<string> {
  const metrics = createMetrics()
  const histogram = metrics.histogram({ name: 'duration', help: 'Bench.', labels: labelNames, bounds })
  fill((value, labels) => histogram.observe(value, labels))
  return async () => {
    let text = ''
    for await (const piece of metrics.text()) text += piece
    return text
  }
}

function promScrape(): () => Promise<string> {
  const registry = new Registry()
  const histogram = new Histogram({
    name: 'duration',
    help: 'Bench.',
    labelNames,
    buckets: bounds,
    registers: [registry],
  })
  fill((value, labels) => histogram.observe(labels, value))
  return () => registry.metrics()
}

function fill(observe: (value: number, labels: { method: string; route: string; status: string }) => void): void {
  for (let index = 0; index < 20_000; index++) observe(durations[index & 4_095]!, { ...labelSets[index % 1_000]! })
}

/** A chain of immediates runs beside the scrape; the longest gap in it is the longest block. */
async function longestBlock(scrape: () => Promise<string>): Promise<{ longest: number; text: string }> {
  let longest = 0
  let last = performance.now()
  let isOver = false
  const tick = (): void => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
    if (!isOver) setImmediate(tick)
  }
  setImmediate(tick)
  await new Promise((resolve) => setImmediate(resolve))
  const text = await scrape()
  await new Promise((resolve) => setImmediate(resolve))
  isOver = true
  return { longest, text }
}

/** Samples without the order of lines and labels, sums to the millisecond. */
function hashOfSamples(text: string): string {
  const samples = text.split('\n').flatMap((line) => {
    const [, name, labels, value] = /^(duration\w+)\{(.*)\} (\S+)$/.exec(line) ?? []
    return name === undefined ? [] : [`${name} ${labels!.split(',').sort().join()} ${Number(value).toFixed(3)}`]
  })
  return createHash('sha256').update(samples.sort().join('\n')).digest('hex')
}
