import type { Benchmark, Peer } from '../../../../scripts/bench/benchmark.ts'
import { chdbEngine, chdbIndexes } from './chdb-engine.ts'
import { corpus, cpuOf, digest } from './corpus.ts'
import { duckdbEngine } from './duckdb-engine.ts'
import {
  filledEngine,
  grepEngine,
  ourEngine,
  ripgrepEngine,
  sqliteEngine,
  type Engine,
  type Questions,
} from './engines.ts'

/** A row that asks every engine the same question, over the same lines. */
export function questionRow(options: {
  readonly name: string
  readonly target: number
  readonly peers: readonly Peer[]
  /** A program of its own is measured by elapsed time, and we are then as well. */
  readonly measure?: 'cpu' | 'wall' | undefined
  readonly ask: (engine: Questions) => Promise<unknown> | unknown
}): Benchmark {
  const { name, target, peers, measure = 'cpu', ask } = options
  return {
    name,
    unit: 'ms',
    measure,
    better: 'lower',
    target,
    peers,
    async prepare({ quick }) {
      const lines = quick ? 300_000 : 2_000_000
      const makers: Readonly<Record<string, (path: string) => Engine>> = {
        ours: ourEngine,
        'sqlite-fts5': sqliteEngine,
        duckdb: duckdbEngine,
        grep: grepEngine,
        ripgrep: ripgrepEngine,
        'chdb-bloom': (path) => chdbEngine(path, chdbIndexes['chdb-bloom']!),
        'chdb-text': (path) => chdbEngine(path, chdbIndexes['chdb-text']!),
      }
      const engines = new Map<string, Awaited<ReturnType<typeof filledEngine>>>()
      for (const subject of ['ours', ...peers.map((peer) => peer.name)])
        engines.set(subject, await filledEngine(makers[subject]!, corpus(lines)))
      return {
        async run(subject) {
          const engine = engines.get(subject)!.engine as Questions
          // The first time fills caches.
          await ask(engine)
          const times = 5
          const startedAt = performance.now()
          const { milliseconds, result } = await cpuOf(async () => {
            let answer: unknown
            for (let time = 0; time < times; time++) answer = await ask(engine)
            return answer
          })
          return {
            value: (measure === 'cpu' ? milliseconds : performance.now() - startedAt) / times,
            hash: digest(result),
          }
        },
        async close() {
          for (const each of engines.values()) await each.close()
        },
      }
    },
  }
}
