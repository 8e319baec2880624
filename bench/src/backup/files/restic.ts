import { execFileSync, spawnSync } from 'node:child_process'
import { dirname } from 'node:path'
import type { Peer } from '../../../../scripts/bench/benchmark.ts'

/** The program that our repositories are compatible with. */
export const restic: Peer = {
  name: 'restic',
  available: async () => (spawnSync('restic', ['version']).status === 0 ? undefined : 'restic is not installed'),
  version: async () => execFileSync('restic', ['version'], { encoding: 'utf8' }).split(' ')[1]!,
}

/**
 * The command that runs restic on a repository, with a cache folder of its own. Its temporary files lie beside the repository: in
 * a folder above the files they would change it, and snapshots tell of all folders on the way, so that something always changed.
 */
export function resticCommand(repository: string, args: readonly string[]): string[] {
  const folders = [`RESTIC_CACHE_DIR=${repository}.cache`, `TMPDIR=${dirname(repository)}`]
  const environment = ['RESTIC_PASSWORD=secret', 'TZ=UTC', ...folders]
  return ['env', ...environment, 'restic', '-q', '-r', repository, ...args]
}
