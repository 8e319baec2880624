import type { BackupSink } from './sink.ts'

/**
 * A sink that keeps nothing: measures how fast a server delivers.
 *
 * @example
 * ```ts no-run
 * import { discardSink, receiveBaseBackup } from '@exprsn/backup'
 * import { postgresConnector } from '@exprsn/backup/drivers/postgres'
 *
 * const connector = postgresConnector({ host: '/var/run/postgresql' })
 * const { bytes } = await receiveBaseBackup({ connector, sink: discardSink() })
 * ```
 */
export function discardSink(): BackupSink {
  return {
    folder() {},
    symlink() {},
    file() {},
    write() {},
    endFile() {},
    async finish() {},
    async abort() {},
  }
}
