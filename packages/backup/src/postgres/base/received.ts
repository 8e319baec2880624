import { ExprsnError, milliseconds } from '@exprsn/core'
import { isDiskError } from '@exprsn/core/disk'
import type { Lsn } from '../../replication/lsn.ts'
import type { WalReceiver } from '../../wal/wal-receiver.ts'

const patience = milliseconds('5m')
const look = milliseconds('1s')

/**
 * Waits until the log is durable here up to a position. A receiver waits for a full disk to be emptied, as long as it takes; a
 * backup, which may be what fills it, does not, and rejects with the disk's error.
 */
export async function received(receiver: WalReceiver, lsn: Lsn, signal: AbortSignal | undefined): Promise<void> {
  for (let waited = look; ; waited += look) {
    try {
      return await receiver.waitFor(lsn, { timeout: look, signal })
    } catch (error) {
      if (!ExprsnError.is(error) || error.code !== 'BACKUP_WAL_TIMEOUT' || waited >= patience) throw error
      const { state, error: trouble } = receiver.position()
      if (state === 'waiting' && isDiskError(trouble)) throw trouble
    }
  }
}
