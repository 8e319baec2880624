import { postgresFault, type ServerName } from './fault.ts'
import type { SessionState } from './watch-silence.ts'

const away: ReadonlySet<string> = new Set([
  'BACKUP_POSTGRES_UNREACHABLE',
  'BACKUP_POSTGRES_CONNECTION_LOST',
  // A session does not outlive a restart.
  'BACKUP_POSTGRES_STARTING',
])

/** Runs a query on a connection that is opened for it. */
export type AskServer = (query: string) => Promise<{ readonly rows: readonly Record<string, unknown>[] }>

/**
 * What a server does for one of our sessions. `ClientRead` and `ClientWrite`: it waits for the network, and not for a disk, a lock or a
 * checkpoint (https://www.postgresql.org/docs/current/monitoring-stats.html, pg_stat_activity).
 */
export async function askSession(ask: AskServer, processId: number, name: ServerName): Promise<SessionState> {
  try {
    const { rows } = await ask(
      `select coalesce(wait_event_type = 'Client' and wait_event in ('ClientRead', 'ClientWrite'), false) as stuck
       ${sessionOf(processId)}`,
    )
    const [row] = rows
    if (row === undefined) return 'unknown'
    return row['stuck'] === true ? 'stuck' : 'working'
  } catch (error) {
    return away.has(postgresFault(error, name).code) ? 'unreachable' : 'unknown'
  }
}

/**
 * Ends a session that we have given up: it would hold its locks, and its place among `max_wal_senders`, until the server notices by
 * itself. Never fails.
 */
export async function endSession(ask: AskServer, processId: number): Promise<void> {
  await ask(`select pg_catalog.pg_terminate_backend(pid) ${sessionOf(processId)}`).catch(() => {})
}

/** The process id alone may be that of somebody else's on another server of the same name. */
function sessionOf(processId: number): string {
  return `from pg_catalog.pg_stat_activity where pid = ${processId} and usename = session_user
    and application_name = pg_catalog.current_setting('application_name')`
}
