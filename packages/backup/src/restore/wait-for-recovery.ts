import { ExprsnError, formatDuration, milliseconds, sleep, systemClock, type Clock, type Duration } from '@exprsn/core'
import type { SqlClient } from '../replication/connection.ts'
import { restoreErrors } from './errors.ts'

/** Options of {@link waitForRecovery}. */
export interface WaitForRecoveryOptions {
  /** @default '10m' */
  readonly timeout?: Duration | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** Ends the waiting; the server goes on. */
  readonly signal?: AbortSignal | undefined
}

const interval = 50

/**
 * Resolves when a server that was booted from a prepared folder has reached its target and takes writes.
 *
 * @throws `BACKUP_RESTORE_TIMEOUT`, what the connection throws, or the signal's reason.
 * @example
 * ```ts no-run
 * import { waitForRecovery } from '@exprsn/backup'
 * import { postgresConnector } from '@exprsn/backup/drivers/postgres'
 *
 * await using connection = await postgresConnector({ port: 5433 }).sql()
 * await waitForRecovery(connection, { timeout: '5m' })
 * ```
 */
export async function waitForRecovery(client: SqlClient, options: WaitForRecoveryOptions = {}): Promise<void> {
  const { timeout = '10m', clock = systemClock, signal } = options
  const deadline = clock.monotonic() + milliseconds(timeout)
  for (;;) {
    signal?.throwIfAborted()
    if (await isWritable(client)) return
    if (clock.monotonic() > deadline) throw restoreErrors.BACKUP_RESTORE_TIMEOUT({ timeout: formatDuration(timeout) })
    await sleep(interval, { clock, signal })
  }
}

async function isWritable(client: SqlClient): Promise<boolean> {
  try {
    const { rows } = await client.query('select pg_is_in_recovery() as recovering')
    return rows[0]?.['recovering'] === false
  } catch (error) {
    if (ExprsnError.is(error) && error.code === 'BACKUP_POSTGRES_STARTING') return false
    throw error
  }
}
