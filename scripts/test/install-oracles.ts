import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { findOracle, oracles, type OracleName } from '../../testing/src/oracles.ts'

/**
 * Installs the outside programs that tests ask for a verdict, where that is possible: as root on Debian.
 * Done once, before the tests start.
 *
 * @returns Why some are still missing, or undefined when none is.
 */
export function installOracles(): string | undefined {
  const missing = missingPackages()
  if (missing.length === 0) return undefined
  if (!existsSync('/etc/debian_version')) return 'only on Debian can they be installed automatically'
  if (process.getuid?.() !== 0) return `run "apt-get install ${missing.join(' ')}" as root`
  if (missing.includes('postgresql')) forbidCluster()
  console.error(`Installing ${missing.join(', ')} …`)
  const first = aptGet('install', ...missing)
  // 100 is apt's code for any error, the most likely being that the package lists were never fetched.
  const last = first.status === 100 && aptGet('update').status === 0 ? aptGet('install', ...missing) : first
  return missingPackages().length === 0 ? undefined : `apt-get failed: ${last.message}`
}

function missingPackages(): string[] {
  const names = (Object.keys(oracles) as OracleName[]).filter((name) => findOracle(name) === undefined)
  return [...new Set(names.map((name) => oracles[name].debianPackage))]
}

/** Debian's PostgreSQL package makes and starts a server of its own unless this file forbids it. */
function forbidCluster(): void {
  const file = '/etc/postgresql-common/createcluster.conf'
  if (existsSync(file)) return
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, 'create_main_cluster = false\n')
}

function aptGet(command: 'install' | 'update', ...packages: string[]): { status: number; message: string } {
  const options = ['-y', '-q', '-o', 'DPkg::Lock::Timeout=120', '-o', 'Dpkg::Options::=--force-confold']
  const noRecommends = command === 'install' ? ['--no-install-recommends'] : []
  const { status, stderr, error } = spawnSync('apt-get', [command, ...options, ...noRecommends, ...packages], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
  })
  const line = (error?.message ?? stderr).trim().split('\n').at(-1)!
  return { status: status ?? 1, message: line }
}
