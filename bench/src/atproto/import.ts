import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { root } from '../../../scripts/lib/packages.ts'
import { importMilliseconds } from '../../../scripts/measure/fresh-process.ts'

const attemptsPerRound = 5

/** Cold `import('@exprsn/atproto')`, core included, in a fresh process, above an empty module in a process just as fresh. */
export const benchmark: Benchmark = {
  name: 'atproto/import',
  unit: 'ms',
  measure: 'wall',
  better: 'lower',
  target: 40,
  peers: [],
  async prepare() {
    mkdirSync(join(root, '.artifacts'), { recursive: true })
    const folder = mkdtempSync(join(root, '.artifacts/import-'))
    const file = join(folder, 'index.js')
    const entryPoints = [join(root, 'packages/atproto/src/index.ts')]
    await build({
      entryPoints,
      outfile: file,
      bundle: true,
      external: ['undici', 'zod'],
      format: 'esm',
      platform: 'node',
      target: 'node22',
      conditions: ['@exprsn/source'],
    })
    const hash = createHash('sha256').update(readFileSync(file)).digest('hex')
    return {
      async run() {
        const imported = await fastest(() => importMilliseconds(file, []))
        return { value: imported - (await fastest(() => importMilliseconds(undefined, []))), hash }
      },
      async close() {
        rmSync(folder, { recursive: true, force: true })
      },
    }
  },
}

/** Other processes only ever add to a time. */
async function fastest(attempt: () => Promise<number>): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let index = 0; index < attemptsPerRound; index++) best = Math.min(best, await attempt())
  return best
}
