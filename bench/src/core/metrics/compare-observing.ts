import { ours, type Benchmark, type Peer } from '../../../../scripts/bench/benchmark.ts'
import { durations, labelSets } from './label-sets.ts'
import { hashOf, ourSubject, type HistogramSubject } from './subjects.ts'

interface ObservingBenchmark {
  readonly name: string
  readonly target: number
  /** Makes a peer's histogram, new for each round. */
  readonly subjects: ReadonlyMap<Peer, () => HistogramSubject>
}

const warmUp = 20_000

/** One observation with three labels in a fresh object, as a request handler makes it; 1,000 series in turn. */
export function compareObserving({ name, target, subjects }: ObservingBenchmark): Benchmark {
  const make = new Map([[ours, ourSubject], ...[...subjects].map(([peer, subject]) => [peer.name, subject] as const)])
  return {
    ...{ name, target, unit: 'ns', measure: 'cpu', better: 'lower', peers: [...subjects.keys()] },
    async prepare({ quick }) {
      const observations = quick ? 200_000 : 1_000_000
      return {
        async run(peer) {
          const subject = make.get(peer)!()
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
}

function observeAll(subject: HistogramSubject, observations: number): void {
  for (let index = 0; index < observations; index++) {
    const { method, route, status } = labelSets[index % 1_000]!
    subject.observe(durations[index & 4_095]!, { method, route, status })
  }
}
