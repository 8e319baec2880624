import { ours, type Benchmark } from '../../../scripts/bench/benchmark.ts'
import { durations, labelSets } from './metrics/label-sets.ts'
import { promClient } from './metrics/peers.ts'
import { hashOf, ourSubject, promSubject } from './metrics/subjects.ts'

/** One observation on a histogram whose labels were looked up before. */
export const benchmark: Benchmark = {
  name: 'core/histogram-bound',
  unit: 'ns',
  measure: 'cpu',
  better: 'lower',
  target: 10,
  peers: [promClient],
  async prepare({ quick }) {
    const observations = quick ? 500_000 : 3_000_000
    return {
      async run(name) {
        const subject = name === ours ? ourSubject() : promSubject()
        const bound = subject.bind(labelSets[0]!)!
        const before = process.cpuUsage()
        for (let index = 0; index < observations; index++) bound.observe(durations[index & 4_095]!)
        const { user, system } = process.cpuUsage(before)
        return { value: ((user + system) * 1_000) / observations, hash: hashOf(await subject.answer()) }
      },
      async close() {},
    }
  },
}
