import { accessSync, constants, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Programs that we did not write and that tests ask for a verdict, or run against. */
export type OracleName = keyof typeof oracles

/** One program, or extension of PostgreSQL: what it is called, and which Debian package brings it. */
export interface Oracle {
  /** Any one of these will do. */
  readonly programs: readonly string[]
  /** Instead of a program: a file in the folder of PostgreSQL's extensions. */
  readonly extension?: string
  readonly debianPackage: string
  /**
   * What is unpacked into a folder of the checkout, the package itself and the libraries it needs, because installing
   * it would register a service and start it.
   */
  readonly unpacked?: readonly string[]
}

/**
 * `redis-tools` is enough for a whole Redis: its `redis-check-rdb` is the server's own binary, and installing
 * `redis-server` would register and start a system service.
 */
export const oracles = {
  restic: { programs: ['restic'], debianPackage: 'restic' },
  redis: { programs: ['redis-check-rdb'], debianPackage: 'redis-tools' },
  pg_verifybackup: { programs: ['pg_verifybackup'], debianPackage: 'postgresql' },
  pg_basebackup: { programs: ['pg_basebackup'], debianPackage: 'postgresql' },
  pg_waldump: { programs: ['pg_waldump'], debianPackage: 'postgresql' },
  pg_amcheck: { programs: ['pg_amcheck'], debianPackage: 'postgresql' },
  postgis: { programs: [], extension: 'postgis.control', debianPackage: 'postgresql-postgis' },
  'bean-check': { programs: ['bean-check'], debianPackage: 'beancount' },
  ledger: { programs: ['ledger'], debianPackage: 'ledger' },
  pgbouncer: {
    programs: ['pgbouncer'],
    debianPackage: 'pgbouncer',
    unpacked: ['pgbouncer', 'libevent-2.1-7', 'libc-ares2'],
  },
} satisfies Readonly<Record<string, Oracle>>

/** The part of vitest's test context that is used here. */
export interface SkippableContext {
  skip(note?: string): never
}

/**
 * The absolute path of a program, or the end of the test: skipped, with the reason in the summary.
 *
 * ```ts
 * it('is accepted by restic', async (context) => {
 *   const restic = requireOracle(context, 'restic')
 * ```
 */
export function requireOracle(context: SkippableContext, name: OracleName): string {
  return findOracle(name) ?? context.skip(missingReason(name))
}

/** Why a test is skipped: what is missing, and, when installing it was tried, why that failed. */
export function missingReason(name: OracleName): string {
  const tried = process.env[installFailureVariable]
  const { programs, debianPackage } = oracles[name]
  return `${programs[0] ?? name} is not installed (Debian package ${debianPackage})${tried === undefined ? '' : `: ${tried}`}`
}

/** Set by the test command when it could not install what is missing. */
export const installFailureVariable = 'EXPRSN_ORACLES_NOT_INSTALLED'

/**
 * The absolute path of a program, from PATH or Debian's folders of PostgreSQL programs, the newest version first; or that of
 * an extension's control file.
 */
export function findOracle(name: OracleName): string | undefined {
  const { programs, extension }: Oracle = oracles[name]
  if (extension !== undefined)
    return debianPostgresFolders('/usr/share/postgresql', 'extension')
      .map((folder) => join(folder, extension))
      .find((path) => canAccess(path, constants.R_OK))
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...debianPostgresFolders('/usr/lib/postgresql', 'bin'),
    join(unpackedFolder(name), 'usr/sbin'),
  ]
  return programs
    .flatMap((program) => folders.map((folder) => join(folder, program)))
    .find((path) => canAccess(path, constants.X_OK))
}

/** Where the Debian packages of an oracle are unpacked. */
export function unpackedFolder(name: OracleName): string {
  return join(import.meta.dirname, '../../.tools/debian', name)
}

function debianPostgresFolders(parent: string, below: string): string[] {
  try {
    const versions = readdirSync(parent).sort((a, b) => Number(b) - Number(a))
    return versions.map((version) => join(parent, version, below))
  } catch {
    return []
  }
}

function canAccess(path: string, mode: number): boolean {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}
