import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { corpus, cpuOf, digest } from './store/corpus.ts'
import { duckdbEngine, duckdbPeer } from './store/duckdb-engine.ts'
import { fill, ourEngine, sqliteEngine, sqlitePeer } from './store/engines.ts'

/** Lines that become durable and searchable, 5,000 at a time, each batch synced. */
export const benchmark: Benchmark = {
  name: 'logs/store-ingest',
  unit: 'µs/line',
  measure: 'cpu',
  better: 'lower',
  target: 3,
  peers: [sqlitePeer, duckdbPeer],
  async prepare({ quick }) {
    const lines = [...corpus(quick ? 200_000 : 500_000)]
    return {
      async run(subject) {
        const path = mkdtempSync(join(tmpdir(), 'exprsn-bench-ingest-'))
        const make = subject === 'ours' ? ourEngine : subject === 'duckdb' ? duckdbEngine : sqliteEngine
        const engine = make(path)
        try {
          const { milliseconds } = await cpuOf(() => fill(engine, lines))
          return { value: (milliseconds * 1_000) / lines.length, hash: digest(await engine.tokens(['failed'])) }
        } finally {
          await engine.close()
          rmSync(path, { recursive: true, force: true })
        }
      },
      async close() {},
    }
  },
}
