import { join } from 'node:path'
import { ExprsnError, type Logger } from '@exprsn/core'
import { exists, type Disk } from '@exprsn/core/disk'
import { dropSlotCommand } from '../replication/commands.ts'
import type { PostgresConnector } from '../replication/connection.ts'
import { isSegmentName } from '../wal/segment.ts'
import type { Archiver } from './archive/archiver.ts'
import { readSlot } from './slot-state.ts'

/** What {@link startOver} works with. */
export interface StartOverOptions {
  readonly connector: PostgresConnector
  readonly slot: string
  readonly spool: string
  readonly archiver: Archiver
  readonly disk: Disk
  readonly logger: Logger
}

const gaps: ReadonlySet<string> = new Set([
  'BACKUP_WAL_GAP',
  'BACKUP_POSTGRES_WAL_REMOVED',
  'BACKUP_POSTGRES_SLOT_INVALID',
])

/** Whether the server has thrown away WAL that was not received: no waiting brings it back. */
export function isLostForGood(error: unknown): error is ExprsnError {
  return ExprsnError.is(error) && gaps.has(error.code)
}

/**
 * After a gap: stores all that came before it, and empties the spool, so that the receiver begins anew with what the
 * server still has. Only before a base backup: without one, nothing after the gap can be restored. A slot that lost its
 * WAL is removed; one that is merely of another kind is left alone.
 */
export async function startOver(options: StartOverOptions): Promise<void> {
  const { connector, slot, spool, archiver, disk, logger } = options
  await archiver.archive({ partial: true })
  if (await exists(disk, spool)) {
    const names: string[] = []
    for await (const { name, kind } of disk.entries(spool)) if (kind === 'file' && isSegmentName(name)) names.push(name)
    for (const name of names) await disk.removeFile(join(spool, name))
  }
  await using sql = await connector.sql()
  if ((await readSlot(sql, slot))?.status === 'lost') {
    const connection = await connector.replication()
    try {
      await connection.query(dropSlotCommand(slot))
    } finally {
      await connection.close()
    }
  }
  logger.warn({ slot }, 'WAL is missing; it is received anew from here on')
}
