import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Peer } from '../../../../scripts/bench/benchmark.ts'

/** A peer from npm, under a name that says how it is set up. The manifest is read as a file: not every package exports it. */
export function npmPeer(module: string, name: string = module): Peer {
  const manifest = fileURLToPath(new URL(`../../../node_modules/${module}/package.json`, import.meta.url))
  return {
    name,
    available: async () => (existsSync(manifest) ? undefined : `${module} is not installed`),
    version: async () => (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version,
  }
}
