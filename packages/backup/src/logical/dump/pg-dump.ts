import { createId } from '@exprsn/core'
import { exists, removeTree, systemDisk, walk, type Disk } from '@exprsn/core/disk'
import { logicalErrors } from '../errors.ts'
import { connectionEnvironment, type DumpConnection } from './dump-connection.ts'
import { findProgram } from './find-program.ts'
import { runProgram } from './run-program.ts'

/** Options of {@link pgDump}. */
export interface PgDumpOptions {
  /** The server and the database that is dumped. */
  readonly connection: DumpConnection
  /** The file, or the folder for the format `directory`. It must not exist. */
  readonly into: string
  /** `custom`: one file. `directory`: a folder, which several processes can write. @default 'custom' */
  readonly format?: 'custom' | 'directory' | undefined
  /** Processes; more than one needs the format `directory`. @default 1 */
  readonly jobs?: number | undefined
  /** What is dumped. @default 'all' */
  readonly content?: 'all' | 'schema' | 'data' | undefined
  /** Patterns of pg_dump, such as `shop.*`. @default every table */
  readonly tables?: readonly string[] | undefined
  /** Patterns of pg_dump for tables that are left out. @default none */
  readonly exclude?: readonly string[] | undefined
  /** A moment that another session has exported, such as the one that `exportTables` was given. @default one is made */
  readonly snapshot?: string | undefined
  /** As pg_dump's `--compress`, such as `zstd:3` (PostgreSQL 16) or `0`. @default pg_dump's own */
  readonly compress?: string | undefined
  /** Where pg_dump is. @default the newest of this machine */
  readonly binFolder?: string | undefined
  /** @default systemDisk */
  readonly disk?: Disk | undefined
  /** Ends pg_dump, and nothing is left of its files. */
  readonly signal?: AbortSignal | undefined
}

/** A finished dump. */
export interface PgDumped {
  readonly path: string
  /** Bytes of its files. */
  readonly bytes: number
  /** The version of pg_dump, such as `18.4`. */
  readonly version: string
}

/**
 * Runs `pg_dump`: schema and rows, in a format that `pgRestore` reads. The file or folder appears under its name when it is whole.
 *
 * @throws `BACKUP_DUMP_PROGRAM_MISSING`, `BACKUP_DUMP_VERSION_MISMATCH`, `BACKUP_DUMP_EXISTS`, `BACKUP_DUMP_FAILED`,
 * `BACKUP_EXPORT_OPTION_INVALID`, `CORE_DISK_*`
 * @example
 * ```ts no-run
 * import { pgDump } from '@exprsn/backup/logical'
 *
 * const connection = { host: 'db.internal', user: 'reader', password: process.env.DB_PASSWORD, database: 'shop' }
 * const { bytes } = await pgDump({ connection, into: '/var/dumps/shop', format: 'directory', jobs: 4 })
 * console.log(bytes, 'bytes')
 * ```
 */
export async function pgDump(options: PgDumpOptions): Promise<PgDumped> {
  const { connection, into, format = 'custom', jobs = 1, content = 'all', disk = systemDisk, signal } = options
  if (!Number.isInteger(jobs) || jobs < 1 || (jobs > 1 && format !== 'directory'))
    throw logicalErrors.BACKUP_EXPORT_OPTION_INVALID({
      option: 'jobs',
      reason: 'it is no whole number from 1, or more than 1 without the format directory',
    })
  const program = await findProgram('pg_dump', options)
  if (await exists(disk, into)) throw logicalErrors.BACKUP_DUMP_EXISTS({ path: into })
  const partial = `${into}.${createId()}.partial`
  const dumpArguments = [
    ...[`--format=${format}`, `--file=${partial}`, '--no-password'],
    ...(jobs > 1 ? [`--jobs=${jobs}`] : []),
    ...(content === 'all' ? [] : [`--${content}-only`]),
    ...(options.tables ?? []).map((table) => `--table=${table}`),
    ...(options.exclude ?? []).map((table) => `--exclude-table=${table}`),
    ...(options.snapshot === undefined ? [] : [`--snapshot=${options.snapshot}`]),
    ...(options.compress === undefined ? [] : [`--compress=${options.compress}`]),
  ]
  try {
    const result = await runProgram(program.path, dumpArguments, await connectionEnvironment(connection), signal)
    if (!result.ok) throw dumpFailure(result.complaint, program.version)
    const bytes = await sizeOf(disk, partial)
    await disk.rename(partial, into)
    return { path: into, bytes, version: program.version }
  } catch (error) {
    if (await exists(disk, partial)) await removeTree(disk, partial)
    throw error
  }
}

function dumpFailure(complaint: string, version: string) {
  const [, server] = /server version: ([\w.]+)/.exec(complaint) ?? []
  if (complaint.includes('server version mismatch') && server !== undefined)
    return logicalErrors.BACKUP_DUMP_VERSION_MISMATCH({ program: 'pg_dump', version, server })
  return logicalErrors.BACKUP_DUMP_FAILED({ program: 'pg_dump', reason: complaintOf(complaint) })
}

/** What a program complained about, short enough for a message: its errors, and not the warnings around them. */
export function complaintOf(output: string): string {
  const lines = output.split('\n')
  const errors = lines.filter((line) => /\b(error|fatal):/i.test(line))
  const text = (errors.length > 0 ? errors : lines).slice(-3).join(' ')
  return text.replace(/\.$/, '').slice(-500) || 'it gave no reason'
}

async function sizeOf(disk: Disk, path: string): Promise<number> {
  const { kind, size } = await disk.stat(path)
  if (kind !== 'folder') return size
  let bytes = 0
  for await (const { stat } of walk(disk, path)) if (stat.kind === 'file') bytes += stat.size
  return bytes
}
