import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { Benchmark } from '../../../scripts/bench/benchmark.ts'
import { root } from '../../../scripts/lib/packages.ts'
import { importMilliseconds } from '../../../scripts/measure/fresh-process.ts'

const attemptsPerRound = 5

/** Cold `import('@exprsn/core')` in a fresh process, above an empty module in a process just as fresh. */
export const benchmark: Benchmark = {
  name: 'core/import',
  unit: 'ms',
  measure: 'wall',
  better: 'lower',
  target: 10,
  peers: [],
  async prepare() {
    const file = await bundleOfRoot()
    const hash = createHash('sha256').update(readFileSync(file)).digest('hex')
    return {
      async run() {
        const imported = await fastest(() => importMilliseconds(file, []))
        return { value: imported - (await fastest(() => importMilliseconds(undefined, []))), hash }
      },
      async close() {
        rmSync(join(file, '..'), { recursive: true, force: true })
      },
    }
  },
}

/** The root as the build ships it: one ESM file, dependencies left as imports. */
async function bundleOfRoot(): Promise<string> {
  mkdirSync(join(root, '.artifacts'), { recursive: true })
  const outfile = join(mkdtempSync(join(root, '.artifacts/import-')), 'index.js')
  const entryPoints = [join(root, 'packages/core/src/index.ts')]
  await build({
    entryPoints,
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node22',
  })
  return outfile
}

/** Other processes only ever add to a time. */
async function fastest(attempt: () => Promise<number>): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let index = 0; index < attemptsPerRound; index++) best = Math.min(best, await attempt())
  return best
}
