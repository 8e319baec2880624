import { logicalErrors } from '../errors.ts'
import { connectionEnvironment, type DumpConnection } from './dump-connection.ts'
import { findProgram } from './find-program.ts'
import { complaintOf } from './pg-dump.ts'
import { runProgram } from './run-program.ts'

/** Options of {@link pgRestore}. */
export interface PgRestoreOptions {
  /** The server and the database that gets everything; the database has to be there. */
  readonly connection: DumpConnection
  /** A file of the custom format or a folder of the directory format. */
  readonly from: string
  /** Connections that work at the same time. More than one cannot be undone as a whole. @default 1 */
  readonly jobs?: number | undefined
  /** What is restored. @default 'all' */
  readonly content?: 'all' | 'schema' | 'data' | undefined
  /** Only these tables, by name without schema. @default everything */
  readonly tables?: readonly string[] | undefined
  /** Whether objects belong to who restores, instead of to the roles of the source, which have to be there. @default false */
  readonly withoutOwners?: boolean | undefined
  /** Where pg_restore is. @default the newest of this machine */
  readonly binFolder?: string | undefined
  /** Ends pg_restore. With one job nothing stays of what it did. */
  readonly signal?: AbortSignal | undefined
}

/** A finished restore. */
export interface PgRestored {
  /** The version of pg_restore. */
  readonly version: string
  /** The versions of the server and of the pg_dump that the dump comes from. */
  readonly dumpedFrom: string
  readonly dumpedBy: string
}

/**
 * Runs `pg_restore`. The first error ends it; with one job everything is one transaction, so that nothing half is left.
 *
 * @throws `BACKUP_DUMP_PROGRAM_MISSING`, `BACKUP_DUMP_UNREADABLE`, `BACKUP_DUMP_FAILED`, `BACKUP_EXPORT_OPTION_INVALID`
 * @example
 * ```ts no-run
 * import { pgRestore } from '@exprsn/backup/logical'
 *
 * const connection = { host: 'staging.internal', user: 'owner', database: 'shop' }
 * await pgRestore({ connection, from: '/var/dumps/shop', jobs: 4, content: 'schema' })
 * ```
 */
export async function pgRestore(options: PgRestoreOptions): Promise<PgRestored> {
  const { connection, from, jobs = 1, content = 'all', signal } = options
  if (!Number.isInteger(jobs) || jobs < 1)
    throw logicalErrors.BACKUP_EXPORT_OPTION_INVALID({ option: 'jobs', reason: 'it is no whole number from 1' })
  const program = await findProgram('pg_restore', options)
  // A dump that cannot be read is known before anything is changed.
  const list = await runProgram(program.path, ['--list', from], {}, signal)
  if (!list.ok) throw logicalErrors.BACKUP_DUMP_UNREADABLE({ path: from, reason: complaintOf(list.complaint) })
  const environment = await connectionEnvironment(connection)
  const restoreArguments = [
    ...['--no-password', '--exit-on-error', `--dbname=${environment['PGDATABASE']!}`],
    ...(jobs > 1 ? [`--jobs=${jobs}`] : ['--single-transaction']),
    ...(content === 'all' ? [] : [`--${content}-only`]),
    ...(options.tables ?? []).map((table) => `--table=${table}`),
    ...(options.withoutOwners === true ? ['--no-owner', '--no-privileges'] : []),
    from,
  ]
  const result = await runProgram(program.path, restoreArguments, environment, signal)
  if (!result.ok)
    throw logicalErrors.BACKUP_DUMP_FAILED({ program: 'pg_restore', reason: complaintOf(result.complaint) })
  const fact = (name: string): string => new RegExp(`${name} version: ([\\w.]+)`).exec(list.output)?.[1] ?? 'unknown'
  return { version: program.version, dumpedFrom: fact('Dumped from database'), dumpedBy: fact('Dumped by pg_dump') }
}
