import { execFileSync, spawnSync } from 'node:child_process'
import type { Peer } from '../../../../scripts/bench/benchmark.ts'

/** BorgBackup: its own format, one writer at a time, chunks of its own. */
export const borg: Peer = {
  name: 'borg',
  available: async () => (spawnSync('borg', ['--version']).status === 0 ? undefined : 'borg is not installed'),
  version: async () => execFileSync('borg', ['--version'], { encoding: 'utf8' }).trim().split(' ')[1]!,
}

/** The command that runs borg, with keys and caches beside the repository. */
export function borgCommand(repository: string, args: readonly string[]): string[] {
  return ['env', 'BORG_PASSPHRASE=secret', 'TZ=UTC', `BORG_BASE_DIR=${repository}.base`, 'borg', ...args]
}
