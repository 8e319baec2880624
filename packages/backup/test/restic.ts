import { findOracle, missingReason } from '@exprsn/real-servers/oracles'
import { execFileSync } from 'node:child_process'

const program = findOracle('restic')

/** Why tests against restic cannot run here; undefined when they can. */
export const resticMissing: string | undefined = program === undefined ? missingReason('restic') : undefined

/** Runs restic on a repository in a folder; throws with its output when it fails. */
export function restic(repository: string, args: readonly string[], password = 'secret'): string {
  const env = { ...process.env, RESTIC_PASSWORD: password, TZ: 'UTC' }
  return execFileSync(program ?? 'restic', ['--no-cache', '-r', repository, ...args], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}
