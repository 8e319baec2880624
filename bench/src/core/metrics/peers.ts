import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Peer } from '../../../../scripts/bench/benchmark.ts'

export const promClient: Peer = npmPeer('prom-client')
export const openTelemetry: Peer = npmPeer('@opentelemetry/sdk-metrics')

/** The manifest is read as a file: not every package exports it. */
function npmPeer(name: string): Peer {
  const manifest = fileURLToPath(new URL(`../../../node_modules/${name}/package.json`, import.meta.url))
  return {
    name,
    available: async () => (existsSync(manifest) ? undefined : `${name} is not installed`),
    version: async () => (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version,
  }
}
