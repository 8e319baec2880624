import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { Benchmark, Sample } from '../../../scripts/bench/benchmark.ts'
import { buildOnce } from '../../../scripts/bench/build-once.ts'
import { measureNode } from '../../../scripts/bench/child-process.ts'
import { clients } from './loss/clients.ts'
import { npmPeer } from './ship/peers.ts'

const script = fileURLToPath(new URL('loss/through-outage.ts', import.meta.url))

/**
 * What is left of 5,000 lines when a service answers 503 for four seconds in the middle of ten, at 500 lines a second: ours
 * in mode `line`, the worse of Loki and Elasticsearch, beside other clients as their READMEs set them up. All of a round run
 * at the same time, each in a process of its own with a service of its own: they wait nearly all of it.
 */
export const benchmark: Benchmark = {
  name: 'logs/outage',
  unit: 'lines arrived',
  measure: 'count',
  better: 'higher',
  target: 1,
  peers: ['pino-loki', 'pino-elasticsearch', 'pino-opentelemetry-transport', 'winston'].map((name) => npmPeer(name)),
  async prepare() {
    await buildOnce('core', 'logs')
    const rounds: Promise<ReadonlyMap<string, Sample>>[] = []
    const runs = new Map<string, number>()
    return {
      async run(subject) {
        const round = runs.get(subject) ?? 0
        runs.set(subject, round + 1)
        const samples = await (rounds[round] ??= outage())
        // Ours is there twice, as `ours, <sink>`.
        const own = [...samples].filter(([name]) => name.startsWith(subject)).map(([, sample]) => sample)
        return own.reduce((worse, sample) => (sample.value < worse.value ? sample : worse))
      },
      async close() {},
    }
  },
}

/** Lines that arrived, by the client. All must have been given the same. */
async function outage(): Promise<ReadonlyMap<string, Sample>> {
  return new Map(
    await Promise.all(
      Object.keys(clients).map(async (name) => {
        const { stdout } = await measureNode(script, [name], { built: true })
        const { logged, arrived } = JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, number>
        return [name, { value: arrived!, hash: createHash('sha256').update(`${logged}`).digest('hex') }] as const
      }),
    ),
  )
}
