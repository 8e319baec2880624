import { ours, type Benchmark } from '../../../scripts/bench/benchmark.ts'
import { durations, labelSets } from './metrics/label-sets.ts'
import { openTelemetry, promClient } from './metrics/peers.ts'
import { hashOf, otelSubject, ourSubject, promSubject, type HistogramSubject } from './metrics/subjects.ts'

const warmUp = 20_000

/** One observation with three labels in a fresh object, as a request handler makes it; 1,000 series in turn. */
export const benchmark: Benchmark = {
  name: 'core/histogram-3-labels',
  unit: 'ns',
  measure: 'cpu',
  better: 'lower',
  target: 10,
  peers: [promClient, openTelemetry],
  async prepare({ quick }) {
    const subjects: Readonly<Record<string, () => HistogramSubject>> = {
      [ours]: ourSubject,
      [promClient.name]: promSubject,
      [openTelemetry.name]: otelSubject,
    }
    const observations = quick ? 200_000 : 1_000_000
    return {
      async run(name) {
        const subject = subjects[name]!()
        // Every series exists and the code is compiled: what is measured is a service that has been running.
        observeAll(subject, warmUp)
        const before = process.cpuUsage()
        observeAll(subject, observations)
        const { user, system } = process.cpuUsage(before)
        return { value: ((user + system) * 1_000) / observations, hash: hashOf(await subject.answer()) }
      },
      async close() {},
    }
  },
}

function observeAll(subject: HistogramSubject, observations: number): void {
  for (let index = 0; index < observations; index++) {
    const { method, route, status } = labelSets[index % 1_000]!
    subject.observe(durations[index & 4_095]!, { method, route, status })
  }
}
