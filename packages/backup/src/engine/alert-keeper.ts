import type { Logger } from '@exprsn/core'
import type { BackupAlert } from './alerts.ts'
import type { BackupNotify } from './backup-options.ts'
import type { BackupEvent } from './events.ts'

/** Remembers which alerts were told. */
export interface AlertKeeper {
  /** Tells of alerts that are new, and of those that are over. */
  update(alerts: readonly BackupAlert[]): Promise<void>
}

const critical: ReadonlySet<BackupAlert['kind']> = new Set(['check', 'missed', 'wal', 'slot'])

/** Tells each alert once, and once that it is over. One that could not be told is told again next time. */
export function alertKeeper(
  notify: BackupNotify | undefined,
  emit: (event: BackupEvent) => void,
  logger: Logger,
): AlertKeeper {
  const firing = new Map<string, BackupAlert>()

  const tell = async (alert: BackupAlert, status: 'firing' | 'resolved'): Promise<boolean> => {
    try {
      const severity = critical.has(alert.kind) ? 'critical' : 'warning'
      await notify?.send({ title: alert.text, severity, key: `backup:${alert.key}`, status, group: 'Backups' })
      return true
    } catch (error) {
      logger.error({ error, alert: alert.key }, 'An alert about backups could not be told.')
      return false
    }
  }

  return {
    async update(alerts) {
      const now = new Map(alerts.map((alert) => [alert.key, alert]))
      for (const [key, alert] of now) {
        if (firing.has(key) || !(await tell(alert, 'firing'))) continue
        firing.set(key, alert)
        emit({ kind: 'alert-firing', alert })
      }
      for (const [key, alert] of firing) {
        if (now.has(key) || !(await tell(alert, 'resolved'))) continue
        firing.delete(key)
        emit({ kind: 'alert-resolved', alert })
      }
    },
  }
}
