import { globSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from '../lib/packages.ts'
import type { Kernel } from './assemble.ts'

/** The kernels of all packages: what `packages/<name>/wasm/kernels.ts` exports. */
export async function findKernels(): Promise<readonly Kernel[]> {
  const files = globSync('packages/*/wasm/kernels.ts', { cwd: root }).sort()
  const modules = await Promise.all(
    files.map(
      (file) => import(pathToFileURL(join(root, file)).href) as Promise<{ readonly kernels: readonly Kernel[] }>,
    ),
  )
  return modules.flatMap(({ kernels }) => kernels)
}
