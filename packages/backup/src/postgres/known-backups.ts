import { ExprsnError, type Logger } from '@exprsn/core'
import type { ContentId, Repository, Snapshot } from '../repository/index.ts'
import { readFacts, type BackupFacts } from './base/backup-facts.ts'
import type { KnownBackup } from './windows.ts'

/** Reads the facts of snapshots; what was read once is remembered, for a tree never changes. */
export interface BackupCatalogue {
  /** Those that are base backups, ascending by time. */
  known(snapshots: readonly Snapshot[], signal?: AbortSignal): Promise<KnownBackup[]>
}

/** Nothing happens before the first call. */
export function backupCatalogue(repository: Promise<Repository>, logger: Logger): BackupCatalogue {
  const facts = new Map<ContentId, BackupFacts>()
  return {
    async known(snapshots, signal) {
      const { reader } = await repository
      const backups: KnownBackup[] = []
      for (const snapshot of snapshots) {
        try {
          const found = facts.get(snapshot.tree) ?? (await readFacts(reader, snapshot, signal))
          facts.set(snapshot.tree, found)
          backups.push({ snapshot, facts: found })
        } catch (error) {
          if (!ExprsnError.is(error) || !isUnreadable(error)) throw error
          logger.warn({ error, snapshot: snapshot.id }, 'a snapshot cannot be read as a base backup')
        }
      }
      return backups
    },
  }
}

/** One damaged snapshot must not hide the others. */
function isUnreadable({ code }: ExprsnError): boolean {
  return code === 'BACKUP_POSTGRES_SNAPSHOT_UNREADABLE' || code.startsWith('BACKUP_BLOB_')
}
