import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mustCapture } from '../lib/must-capture.ts'
import { root } from '../lib/packages.ts'
import { pinnedTool } from '../lib/pinned-tool.ts'
import { pinnedToolchain } from '../lib/toolchain.ts'

/** Installs what the benchmarks compare with, from bench's own lockfile, when it is not there or has changed. */
export async function installPeers(): Promise<void> {
  const folder = join(root, 'bench')
  const stamp = join(folder, 'node_modules', '.exprsn-install')
  const lockfile = createHash('sha256')
    .update(readFileSync(join(folder, 'pnpm-lock.yaml')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockfile) return
  console.error('Installing what is compared …')
  const pnpm = await pinnedTool('pnpm', pinnedToolchain().pnpm)
  await mustCapture(pnpm, ['install', '--frozen-lockfile'], { cwd: folder })
  writeFileSync(stamp, lockfile)
}

/**
 * Type-checks the benchmarks. `npm run check` cannot: what they compare with is installed only for them.
 *
 * @throws When they do not fit the packages any more.
 */
export async function checkBenchmarkTypes(): Promise<void> {
  await mustCapture('tsc', ['-p', join(root, 'bench', 'tsconfig.json')], { cwd: root })
}
