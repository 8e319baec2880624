import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openRouter, saveRouter } from '@exprsn/geo/routing'
import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { city } from './roads/city.ts'
import { roadGraphOf } from './roads/network.ts'

const opened = 5

/** To open a file with Rome, its roads and their hierarchy, ready to answer; the file is in the system's memory already. */
export const benchmark: Benchmark = {
  name: 'geo/ch-open',
  unit: 'ms',
  measure: 'cpu',
  better: 'lower',
  target: 15,
  peers: [],
  async prepare() {
    const folder = mkdtempSync(join(tmpdir(), 'ch-open-'))
    const path = join(folder, 'rome.graph')
    await saveRouter(roadGraphOf(city('rome')), path)
    const size = statSync(path).size
    for (let warm = 0; warm < opened; warm++) await openOnce(path)
    return {
      async run() {
        const before = process.cpuUsage()
        for (let time = 0; time < opened; time++) await openOnce(path)
        const { user, system } = process.cpuUsage(before)
        return { value: (user + system) / 1e3 / opened, hash: String(size) }
      },
      async close() {
        rmSync(folder, { recursive: true, force: true })
      },
    }
  },
}

async function openOnce(path: string): Promise<void> {
  await using router = await openRouter(path)
  void router
}
