import { parseLsn, type Lsn } from '../replication/lsn.ts'

/** What a server wrote about its recovery (with `lc_messages = C`): evidence for a restore drill. */
export interface RecoveryLog {
  /** The commit or abort that recovery stopped at, when it had a target of time, transaction or name. */
  readonly stopped?: { readonly side: 'before' | 'after'; readonly what: string } | undefined
  /** The last record that was replayed. */
  readonly redoDone?: Lsn | undefined
  readonly timeline?: number | undefined
  readonly complete: boolean
  /** Why the server gave up. */
  readonly fatal?: string | undefined
}

/**
 * Reads the lines about recovery out of a server log.
 *
 * @example
 * ```ts
 * import { parseRecoveryLog } from '@exprsn/backup'
 *
 * console.log(parseRecoveryLog('LOG:  archive recovery complete').complete) // true
 * ```
 */
export function parseRecoveryLog(log: string): RecoveryLog {
  const stopped = /recovery stopping (before|after) (.+)/.exec(log)
  const redoDone = /redo done at ([0-9A-F]{1,8}\/[0-9A-F]{1,8})/.exec(log)
  const timeline = /selected new timeline ID: (\d+)/.exec(log)
  return {
    stopped: stopped === null ? undefined : { side: stopped[1] as 'before' | 'after', what: stopped[2]! },
    redoDone: redoDone === null ? undefined : parseLsn(redoDone[1]!),
    timeline: timeline === null ? undefined : Number(timeline[1]),
    complete: log.includes('archive recovery complete'),
    fatal: /FATAL:\s+(.+)/.exec(log)?.[1],
  }
}
