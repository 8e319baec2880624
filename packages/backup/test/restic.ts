import { execFileSync, spawnSync } from 'node:child_process'

/** Why tests against restic cannot run here; undefined when they can. */
export const resticMissing: string | undefined =
  spawnSync('restic', ['version']).status === 0 ? undefined : 'restic is not on the PATH'

/** Runs restic on a repository in a folder; throws with its output when it fails. */
export function restic(repository: string, args: readonly string[], password = 'secret'): string {
  const env = { ...process.env, RESTIC_PASSWORD: password, TZ: 'UTC' }
  return execFileSync('restic', ['--no-cache', '-r', repository, ...args], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}
