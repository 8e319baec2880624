import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Benchmark, Peer } from '../../../../scripts/bench/benchmark.ts'

/** One call; its answer is added up, and both sides must come to the same sum. What answers at once is not awaited. */
export type Call = (index: number) => Promise<number> | number

interface CallBenchmark {
  readonly name: string
  readonly target: number
  readonly peers: readonly Peer[]
  /** Makes what is called, new for each round. */
  readonly subjects: Readonly<Record<string, () => Call>>
  /** Calls in a round: enough for about half a second of the slower side. */
  readonly calls: Readonly<Record<string, number>>
}

const warmUp = 5_000
const batches = 20

/** CPU time of one call after another, nanoseconds for each. */
export function compareCalls({ subjects, calls, ...benchmark }: CallBenchmark): Benchmark {
  return {
    ...benchmark,
    unit: 'ns',
    measure: 'cpu',
    better: 'lower',
    async prepare({ quick }) {
      return {
        async run(subject) {
          const call = subjects[subject]!()
          await callAll(call, warmUp)
          const count = Math.ceil(calls[subject]! / (quick ? 4 : 1) / batches)
          const before = process.cpuUsage()
          let sum = 0
          for (let batch = 0; batch < batches; batch++) sum += await callAll(call, count)
          const { user, system } = process.cpuUsage(before)
          const mean = sum / (count * batches)
          const hash = createHash('sha256').update(String(mean)).digest('hex')
          return { value: ((user + system) * 1_000) / (count * batches), hash }
        },
        async close() {},
      }
    },
  }
}

async function callAll(call: Call, count: number): Promise<number> {
  let sum = 0
  for (let index = 0; index < count; index++) {
    const answer = call(index)
    sum += typeof answer === 'number' ? answer : await answer
  }
  return sum
}

/** A package of bench's own lockfile. The manifest is read as a file: not every package exports it. */
export function npmPeer(name: string): Peer {
  const manifest = fileURLToPath(new URL(`../../../node_modules/${name}/package.json`, import.meta.url))
  return {
    name,
    available: async () => (existsSync(manifest) ? undefined : `${name} is not installed`),
    version: async () => (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version,
  }
}
