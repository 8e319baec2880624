import type { SqlClient } from '../replication/connection.ts'
import { quoteLiteral } from '../replication/quote.ts'

/** What a slot does to its server. */
export interface SlotState {
  readonly active: boolean
  /** `lost`: the server has thrown away what the slot was to keep. */
  readonly status: string
  /** Bytes of WAL that the server keeps for it. */
  readonly kept: number
  /** Whether it may keep as much as it likes, until the disk is full. */
  readonly unlimited: boolean
}

/** Undefined when there is no such slot. */
export async function readSlot(sql: SqlClient, slot: string): Promise<SlotState | undefined> {
  const { rows } = await sql.query(
    `select active, coalesce(wal_status, 'reserved') as status,
       coalesce(pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_receive_lsn()
         else pg_current_wal_lsn() end, restart_lsn), 0)::float8 as kept,
       current_setting('max_slot_wal_keep_size') = '-1' as unlimited
     from pg_replication_slots where slot_name = ${quoteLiteral(slot)}`,
  )
  const row = rows[0]
  if (row === undefined) return undefined
  return {
    active: row['active'] === true,
    status: String(row['status']),
    kept: Number(row['kept']),
    unlimited: row['unlimited'] === true,
  }
}
