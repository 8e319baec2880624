import { execFileSync, spawnSync } from 'node:child_process'
import type { Peer } from '../../../../scripts/bench/benchmark.ts'

/** The program that our repositories are compatible with. */
export const restic: Peer = {
  name: 'restic',
  available: async () => (spawnSync('restic', ['version']).status === 0 ? undefined : 'restic is not installed'),
  version: async () => execFileSync('restic', ['version'], { encoding: 'utf8' }).split(' ')[1]!,
}

/** The command that runs restic on a repository, with a cache folder of its own. */
export function resticCommand(repository: string, args: readonly string[]): string[] {
  const environment = ['RESTIC_PASSWORD=secret', 'TZ=UTC', `RESTIC_CACHE_DIR=${repository}.cache`]
  return ['env', ...environment, 'restic', '-q', '-r', repository, ...args]
}
