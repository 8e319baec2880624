import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { corpus } from './store/corpus.ts'
import { fill, ourEngine } from './store/engines.ts'

const run = promisify(execFile)

/** Memory that a process takes more for asking everything of a store, in MB: threads included, 200 at most. */
export const benchmark: Benchmark = {
  name: 'logs/query-memory',
  unit: 'MB',
  measure: 'rss',
  better: 'lower',
  target: 200,
  peers: [],
  async prepare({ quick }) {
    const path = mkdtempSync(join(tmpdir(), 'exprsn-bench-memory-'))
    const engine = ourEngine(path)
    await fill(engine, corpus(quick ? 300_000 : 2_000_000))
    await engine.close()
    return {
      async run() {
        const script = join(import.meta.dirname, 'store', 'query-memory-process.ts')
        const { stdout } = await run(process.execPath, [...process.execArgv, script, path])
        const { most, answers } = JSON.parse(stdout) as { readonly most: number; readonly answers: string }
        return { value: most / 1e6, hash: answers }
      },
      close: async () => rmSync(path, { recursive: true, force: true }),
    }
  },
}
