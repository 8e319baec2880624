import { ExprsnError, type Clock } from '@exprsn/core'
import type { PostgresConnector } from '../replication/connection.ts'
import { quoteLiteral } from '../replication/quote.ts'
import type { Archiver } from './archive/archiver.ts'
import type { SourceCallOptions, SourceFigures } from './point-in-time.ts'
import type { Receiving } from './receiving.ts'

/** Options of {@link sourceFigures}. */
export interface SourceFiguresOptions {
  readonly connector: PostgresConnector
  readonly slot: string
  readonly receiving: Receiving
  readonly archiver: Archiver
  readonly clock: Clock
}

/** Looks at receiver, archive and slot, each time it is called. Nothing happens before the first call. */
export function sourceFigures(options: SourceFiguresOptions): (call?: SourceCallOptions) => Promise<SourceFigures> {
  const { connector, slot, receiving, archiver, clock } = options
  let receivedAt = clock.now()
  return async ({ signal } = {}) => {
    const now = clock.now()
    const position = receiving.position()
    const { lastSuccess } = archiver.status()
    const archiveAge = lastSuccess === undefined ? undefined : (now - lastSuccess) / 1_000
    if (position === undefined) return { archiveAge }
    if (position.state === 'streaming') receivedAt = now
    const silence = (now - receivedAt) / 1_000
    let seen: ServerView | undefined
    try {
      await using sql = await connector.sql({ signal })
      const durable = position.durable.toString()
      const { rows } = await sql.query(serverView(slot, durable))
      seen = rows[0] as ServerView | undefined
    } catch (error) {
      if (!ExprsnError.is(error)) throw error
    }
    return {
      ...{ archiveAge, slotRetained: seen?.kept ?? undefined },
      lagBytes: seen === undefined ? undefined : Math.max(0, seen.behind),
      lagSeconds: position.state === 'streaming' ? (seen?.waiting ?? 0) : silence,
    }
  }
}

interface ServerView {
  readonly behind: number
  readonly kept: number | null
  readonly waiting: number | null
}

/**
 * `flush_lag` is what the server measures between writing WAL and hearing that it is durable here, NULL when nothing is
 * written (https://www.postgresql.org/docs/current/monitoring-stats.html, pg_stat_replication).
 */
function serverView(slot: string, durable: string): string {
  return `select (pg_wal_lsn_diff(p.current, '0/0') - ${durable})::float8 as behind,
      pg_wal_lsn_diff(p.current, s.restart_lsn)::float8 as kept, extract(epoch from r.flush_lag)::float8 as waiting
    from (select case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_flush_lsn() end as current) p
      left join pg_replication_slots s on s.slot_name = ${quoteLiteral(slot)}
      left join pg_stat_replication r on r.pid = s.active_pid`
}
