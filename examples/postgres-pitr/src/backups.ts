import { createBackup, openRepository, type Backup } from '@exprsn/backup'
import { postgresSource } from '@exprsn/backup/drivers/postgres'
import type { Logger } from '@exprsn/core'
import type { Metrics } from '@exprsn/core/metrics'
import type { Scheduler } from '@exprsn/core/schedule'
import { folderStore } from '@exprsn/core/storage'
import type { Config } from './config.ts'

/** Parts of the service that the backups use; without a scheduler nothing runs by itself. */
export interface BackupParts {
  readonly logger: Logger
  readonly metrics?: Metrics | undefined
  readonly scheduler?: Scheduler | undefined
}

/** The backups of the cluster. For a bucket, put `s3Store({ bucket, client })` in the place of `folderStore`. */
export function createBackups(config: Config, { logger, metrics, scheduler }: BackupParts): Backup<'db'> {
  return createBackup({
    repository: openRepository({
      ...{ store: folderStore({ path: config.backups }), password: config.password.reveal() },
      ...{ create: 'if-missing', logger },
    }),
    sources: {
      db: postgresSource({
        connection: { connectionString: config.database.reveal() },
        // At most so much is lost with this machine; nothing, when only the server is lost.
        archiveEvery: '1m',
        drillAlert: '8d',
      }),
    },
    ...(scheduler && { scheduler, schedule: { db: '0 2 * * *' }, maintenance: '30 3 * * *' }),
    retention: { daily: 7, weekly: 4, pointInTime: '7d' },
    cacheFolder: `${config.folder}/backup-cache`,
    metrics,
    logger,
    // In production: createNotify() of @exprsn/core/notify, with Slack, e-mail or a webhook behind it.
    notify: { send: async ({ title, severity, status }) => logger.warn({ severity, status }, title) },
    onEvent: (event) => logger.info({ event: event.kind }, 'backup'),
  })
}

/** A restore that is tried out: the result is signed and kept beside the backups. */
export function drill(backups: Backup<'db'>, config: Config, signal?: AbortSignal) {
  return backups.drill('db', { assertions: [{ sql: config.assertion, name: 'the assertion of this service' }], signal })
}
