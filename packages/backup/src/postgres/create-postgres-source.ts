import { bindLater } from './bind-later.ts'
import { postgresSourceErrors } from './errors.ts'
import type { PointInTimeSource } from './point-in-time.ts'
import { postgresSourceSettings, type CreatePostgresSourceOptions } from './source-options.ts'

/**
 * A PostgreSQL cluster as a source for backups: base backups over the replication protocol or from its data folder, stored as the tree
 * that `pg_basebackup` makes, and the write-ahead log between them. `postgresSource` of `@exprsn/backup/drivers/postgres`
 * makes one from connection options.
 *
 * @throws `BACKUP_POSTGRES_OPTION_INVALID`
 * @example
 * ```ts no-run
 * import { createBackup, createPostgresSource, openRepository } from '@exprsn/backup'
 * import { postgresConnector } from '@exprsn/backup/drivers/postgres'
 * import { folderStore } from '@exprsn/core/storage'
 *
 * const connector = postgresConnector({ host: 'db.internal', user: 'backup' })
 * const store = folderStore({ path: '/var/backups/app' })
 * const backup = createBackup({
 *   repository: openRepository({ store, password: process.env.BACKUP_PASSWORD ?? '', create: 'if-missing' }),
 *   sources: { db: createPostgresSource({ connector }) },
 * })
 * await backup.run('db')
 * ```
 */
export function createPostgresSource(options: CreatePostgresSourceOptions): PointInTimeSource {
  const settings = postgresSourceSettings(options)
  const unbound = (): never => {
    throw postgresSourceErrors.BACKUP_POSTGRES_SOURCE_UNBOUND()
  }
  return {
    kind: 'postgres',
    backup: async () => unbound(),
    restore: async () => unbound(),
    bind: (host) => bindLater(settings, host),
  }
}
