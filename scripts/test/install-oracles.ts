import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { findOracle, oracles, unpackedFolder, type Oracle, type OracleName } from '../../testing/src/oracles.ts'

/**
 * Installs the outside programs that tests ask for a verdict, where that is possible: as root on Debian.
 * Done once, before the tests start.
 *
 * @returns Why some are still missing, or undefined when none is.
 */
export function installOracles(): string | undefined {
  if (missingOracles().length === 0) return undefined
  if (!existsSync('/etc/debian_version')) return 'only on Debian can they be installed automatically'
  const unpacking = unpackMissing()
  const missing = missingPackages()
  if (missing.length === 0) return unpacking
  if (process.getuid?.() !== 0) return `run "apt-get install ${missing.join(' ')}" as root`
  if (missing.includes('postgresql')) forbidCluster()
  console.error(`Installing ${missing.join(', ')} …`)
  const last = aptGetWithLists(['install', '--no-install-recommends', ...missing])
  return missingPackages().length === 0 ? unpacking : `apt-get failed: ${last.message}`
}

function missingOracles(): OracleName[] {
  return (Object.keys(oracles) as OracleName[]).filter((name) => findOracle(name) === undefined)
}

/** Those that are installed, each once. */
function missingPackages(): string[] {
  const installed = missingOracles().filter((name) => partsOf(name) === undefined)
  return [...new Set(installed.map((name) => oracles[name].debianPackage))]
}

function partsOf(name: OracleName): readonly string[] | undefined {
  const { unpacked }: Oracle = oracles[name]
  return unpacked
}

/** Downloads packages and unpacks them beside the tools, which everybody may do. Returns what went wrong. */
function unpackMissing(): string | undefined {
  for (const name of missingOracles()) {
    const packages = partsOf(name)
    if (packages === undefined) continue
    const folder = unpackedFolder(name)
    const unfinished = `${folder}.${process.pid}`
    console.error(`Unpacking ${packages.join(', ')} …`)
    mkdirSync(unfinished, { recursive: true })
    try {
      const { status, message } = aptGetWithLists(['download', ...packages], unfinished)
      if (status !== 0) return `apt-get failed: ${message}`
      for (const file of readdirSync(unfinished)) spawnSync('dpkg-deb', ['--extract', file, '.'], { cwd: unfinished })
      rmSync(folder, { recursive: true, force: true })
      renameSync(unfinished, folder)
    } finally {
      rmSync(unfinished, { recursive: true, force: true })
    }
    if (findOracle(name) === undefined) return `${packages[0]} has no program ${oracles[name].programs[0]}`
  }
  return undefined
}

/** Debian's PostgreSQL package makes and starts a server of its own unless this file forbids it. */
function forbidCluster(): void {
  const file = '/etc/postgresql-common/createcluster.conf'
  if (existsSync(file)) return
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, 'create_main_cluster = false\n')
}

/** 100 is apt's code for any error, the most likely being that the package lists were never fetched. */
function aptGetWithLists(command: readonly string[], cwd?: string): AptResult {
  const first = aptGet(command, cwd)
  return first.status === 100 && aptGet(['update']).status === 0 ? aptGet(command, cwd) : first
}

interface AptResult {
  readonly status: number
  readonly message: string
}

function aptGet(command: readonly string[], cwd?: string): AptResult {
  const options = ['-y', '-q', '-o', 'DPkg::Lock::Timeout=120', '-o', 'Dpkg::Options::=--force-confold']
  const { status, stderr, error } = spawnSync('apt-get', [...options, ...command], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    cwd,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
  })
  const line = (error?.message ?? stderr).trim().split('\n').at(-1)!
  return { status: status ?? 1, message: line }
}
