import { createBackup, filesSource, openRepository, sqliteSource, type Backup } from '@exprsn/backup'
import type { Logger } from '@exprsn/core'
import type { Metrics } from '@exprsn/core/metrics'
import type { Scheduler } from '@exprsn/core/schedule'
import { folderStore } from '@exprsn/core/storage'
import type { Config } from './config.ts'

/** What is backed up, by name. */
export type SourceName = 'database' | 'uploads'

/** Parts of the service that the backups use; without a scheduler nothing runs by itself. */
export interface BackupParts {
  readonly logger: Logger
  readonly metrics?: Metrics | undefined
  readonly scheduler?: Scheduler | undefined
}

/**
 * The backups of this service. For a bucket, put `s3Store({ bucket, client })` in the place of `folderStore`, and `lock: '30d'`
 * beside it when the bucket has object lock.
 */
export function createBackups(config: Config, { logger, metrics, scheduler }: BackupParts): Backup<SourceName> {
  const password = config.password.reveal()
  const replicas = config.replica === undefined ? [] : [{ store: folderStore({ path: config.replica }), password }]
  return createBackup({
    repository: openRepository({
      store: folderStore({ path: config.backups }),
      password,
      create: 'if-missing',
      logger,
    }),
    sources: {
      database: sqliteSource({ path: databasePath(config) }),
      uploads: filesSource({ paths: [uploadsFolder(config)], exclude: ['*.part'] }),
    },
    ...(scheduler && {
      scheduler,
      schedule: { database: '0 2 * * *', uploads: '10 2 * * *' },
      maintenance: '30 3 * * *',
    }),
    retention: { daily: 7, weekly: 4, monthly: 12 },
    replicate: replicas,
    snapshotLog: true,
    cacheFolder: `${config.folder}/backup-cache`,
    metrics,
    logger,
    // In production: createNotify() of @exprsn/core/notify, with Slack, e-mail or a webhook behind it.
    notify: { send: async ({ title, severity, status }) => logger.warn({ severity, status }, title) },
    onEvent: (event) => logger.info({ event: event.kind }, 'backup'),
  })
}

/** The service's only database. */
export function databasePath({ folder }: Config): string {
  return `${folder}/notes.db`
}

/** Where uploads lie. */
export function uploadsFolder({ folder }: Config): string {
  return `${folder}/uploads`
}
