import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRouter, saveRouter, type Router } from '@exprsn/geo/routing'
import type { Benchmark } from '../../../../scripts/bench/benchmark.ts'
import { city } from './city.ts'
import { roadGraphOf } from './network.ts'

const opened = 5

interface OpeningBenchmark {
  readonly name: string
  /** Milliseconds. */
  readonly target: number
  /** What is done with the router before it is closed. */
  ask(router: Router): Promise<unknown>
}

/** CPU time to open a file with Rome, its roads and their hierarchy; the file is in the system's memory already. */
export function openRome({ ask, ...benchmark }: OpeningBenchmark): Benchmark {
  return {
    ...benchmark,
    unit: 'ms',
    measure: 'cpu',
    better: 'lower',
    peers: [],
    async prepare() {
      const folder = mkdtempSync(join(tmpdir(), 'open-rome-'))
      const path = join(folder, 'rome.graph')
      await saveRouter(roadGraphOf(city('rome')), path)
      const size = statSync(path).size
      const openOnce = async () => {
        await using router = await openRouter(path)
        return JSON.stringify(await ask(router))
      }
      for (let warm = 0; warm < opened; warm++) await openOnce()
      return {
        async run() {
          let answer = ''
          const before = process.cpuUsage()
          for (let time = 0; time < opened; time++) answer = await openOnce()
          const { user, system } = process.cpuUsage(before)
          return { value: (user + system) / 1e3 / opened, hash: `${size} ${answer}` }
        },
        async close() {
          rmSync(folder, { recursive: true, force: true })
        },
      }
    },
  }
}
