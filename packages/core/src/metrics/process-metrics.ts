import { monitorEventLoopDelay, PerformanceObserver, type PerformanceEntry } from 'node:perf_hooks'
import type { Metrics } from './create-metrics.ts'

/** What {@link observeProcess} started. */
export interface ProcessObservation extends Disposable {
  /** Stops measuring the event loop and the garbage collector. */
  close(): void
}

/** An entry of the type `gc`. */
interface CollectionEntry extends PerformanceEntry {
  readonly detail: { readonly kind: number }
}

/** V8's kinds of garbage collection by the number that `perf_hooks` reports. */
const collections: Readonly<Record<number, string>> = { 1: 'minor', 4: 'major', 8: 'incremental', 16: 'weakcb' }

/**
 * Adds the instruments that describe the process itself, under the names that dashboards for Node.js know:
 * processor time, memory, uptime, delay and utilisation of the event loop, pauses of the garbage collector.
 *
 * @example
 * ```ts
 * import { createMetrics, observeProcess } from '@exprsn/core/metrics'
 *
 * const metrics = createMetrics()
 * using observation = observeProcess(metrics)
 * for await (const text of metrics.text()) console.log(text.includes('process_cpu_seconds_total')) // true
 * ```
 */
export function observeProcess(metrics: Metrics): ProcessObservation {
  observeCpu(metrics)
  observeMemory(metrics)
  const delay = observeEventLoop(metrics)
  const collector = observeCollector(metrics)
  const close = (): void => {
    delay.disable()
    collector.disconnect()
  }
  return { close, [Symbol.dispose]: close }
}

function observeCpu(metrics: Metrics): void {
  metrics.counter({
    name: 'process_cpu',
    unit: 'seconds',
    help: 'User and system time of the process.',
    observe: (set) => {
      const { user, system } = process.cpuUsage()
      set((user + system) / 1e6)
    },
  })
  metrics.gauge({
    name: 'process_uptime',
    unit: 'seconds',
    help: 'Time since the process started.',
    observe: (set) => set(process.uptime()),
  })
}

function observeMemory(metrics: Metrics): void {
  metrics.gauge({
    name: 'process_resident_memory',
    unit: 'bytes',
    help: 'Physical memory of the process.',
    observe: (set) => set(process.memoryUsage.rss()),
  })
  metrics.gauge({
    name: 'nodejs_memory',
    unit: 'bytes',
    help: 'Memory that V8 and buffers hold.',
    labels: ['area'],
    observe: (set) => {
      const { heapUsed, heapTotal, external, arrayBuffers } = process.memoryUsage()
      set(heapUsed, { area: 'heap_used' })
      set(heapTotal, { area: 'heap_total' })
      set(external, { area: 'external' })
      set(arrayBuffers, { area: 'array_buffers' })
    },
  })
}

/** The delay is that since the last collection. */
function observeEventLoop(metrics: Metrics): ReturnType<typeof monitorEventLoopDelay> {
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  metrics.gauge({
    name: 'nodejs_eventloop_lag',
    unit: 'seconds',
    help: 'Delay of timers since the last collection, by quantile.',
    labels: ['share'],
    observe: (set) => {
      if (delay.count > 0) {
        for (const percent of [50, 90, 99]) set(delay.percentile(percent) / 1e9, { share: percent / 100 })
        set(delay.max / 1e9, { share: 1 })
      }
      delay.reset()
    },
  })
  let before = performance.eventLoopUtilization()
  metrics.gauge({
    name: 'nodejs_eventloop_utilization',
    unit: 'ratio',
    help: 'Share of time that the event loop was busy since the last collection.',
    observe: (set) => {
      const now = performance.eventLoopUtilization()
      set(performance.eventLoopUtilization(now, before).utilization)
      before = now
    },
  })
  return delay
}

function observeCollector(metrics: Metrics): PerformanceObserver {
  const pauses = metrics.histogram({
    name: 'nodejs_gc_duration',
    unit: 'seconds',
    help: 'Pauses for garbage collection.',
    labels: ['kind'],
    text: { smallest: 2 ** -13, largest: 2 ** 0 },
  })
  const observer = new PerformanceObserver((list) => {
    for (const { duration, detail } of list.getEntries() as CollectionEntry[]) {
      const { kind } = detail
      pauses.observe(duration / 1_000, { kind: collections[kind] ?? String(kind) })
    }
  })
  observer.observe({ entryTypes: ['gc'] })
  return observer
}
