import type { Random } from '@exprsn/core'
import { systemDisk } from '@exprsn/core/disk'
import type { BackupSource } from '../../repository/index.ts'
import { sourcesErrors } from '../errors.ts'

/** Options of {@link sqliteSource}. */
export interface SqliteSourceOptions {
  /** The database's file. It may be open and written meanwhile, by this process or others. */
  readonly path: string
  /** Where the copy lies while it is read: as much room as the database takes. @default the system's folder for temporary files */
  readonly temporaryFolder?: string | undefined
  /** Where the copy's name comes from. @default systemRandom */
  readonly random?: Random | undefined
}

/**
 * A SQLite database as a source for backups: a consistent copy at one instant, whatever is written meanwhile. In WAL mode
 * nobody waits for it; with a rollback journal writers wait while it is copied.
 *
 * Restoring takes a folder that is empty or not there yet and puts the file into it under its own name, without `-wal`
 * and `-shm`: the copy needs none.
 *
 * @throws `BACKUP_SQLITE_OPTION_INVALID`; while it runs `BACKUP_SQLITE_MISSING`, `BACKUP_SQLITE_UNREADABLE`; on restore
 *   the errors of `filesSource`; the disk's and the repository's own errors
 * @example
 * ```ts
 * import { sqliteSource } from '@exprsn/backup'
 *
 * const orders = sqliteSource({ path: './data/orders.sqlite' })
 * console.log(orders.kind) // sqlite
 * ```
 */
export function sqliteSource({ path, temporaryFolder, random }: SqliteSourceOptions): BackupSource {
  if (path === '' || path.includes('\0') || path === ':memory:' || path.startsWith('file:'))
    throw sourcesErrors.BACKUP_SQLITE_OPTION_INVALID({ option: 'path', reason: 'it is no path of a file' })

  // What does the work is loaded when it begins: a program that opens a repository derives its key meanwhile.
  return {
    kind: 'sqlite',
    async backup(context) {
      const { backUpDatabase } = await import('./back-up-database.ts')
      return backUpDatabase({ path, temporaryFolder, random }, context)
    },
    async restore(context) {
      const { restoreFiles } = await import('../restore/restore-files.ts')
      return restoreFiles({ ...context, disk: systemDisk, posix: undefined })
    },
  }
}
