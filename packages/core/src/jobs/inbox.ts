import { systemClock } from '../clock/system-clock.ts'
import type { Clock } from '../clock/clock.ts'
import type { Queryable } from '../database/database.ts'
import type { MigrationNaming } from '../database/migration.ts'
import { tableNames } from '../database/table-names.ts'
import { checkText } from './enqueue-options.ts'
import { jobStatements } from './sql/statements.ts'

/** Options of {@link createInbox}. */
export interface InboxOptions extends MigrationNaming {
  /** Sets the ids of one sender apart from those of another. @default 'default' */
  readonly scope?: string | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/** What came of a message: whether it was new, and then what the work gave. */
export type InboxResult<Result> =
  | { readonly fresh: true; readonly result: Result }
  | { readonly fresh: false; readonly result?: undefined }

/** Remembers which messages were handled. */
export interface Inbox {
  /**
   * Does the work unless this message was handled before: the note and the work's changes stand or fall with `tx`. Of two
   * transactions with the same message the second waits for the first.
   *
   * @throws `CORE_JOBS_OPTION_INVALID` for an unusable id, and whatever the work throws
   */
  once<Result, Tx extends Queryable>(
    messageId: string,
    tx: Tx,
    work: (tx: Tx) => Promise<Result>,
  ): Promise<InboxResult<Result>>
}

/**
 * An idempotent inbox: webhooks and queues deliver at least once, this lets each message take effect once. It uses the
 * tables of the jobs' migrations.
 *
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { createInbox, jobMigrations } from '@exprsn/core/jobs'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * await migrate(database, [jobMigrations])
 * const inbox = createInbox()
 * const receive = () => database.transaction((tx) => inbox.once('msg_1', tx, async () => 'handled'))
 * console.log((await receive()).fresh, (await receive()).fresh) // true false
 * ```
 */
export function createInbox(options: InboxOptions = {}): Inbox {
  const { scope = 'default', clock = systemClock } = options
  checkText('scope', scope)
  return {
    async once(messageId, tx, work) {
      checkText('messageId', messageId)
      const { receive } = jobStatements(tx.dialect, tableNames(tx.dialect, options))
      const { count } = await tx.query(receive, [scope, messageId, Math.floor(clock.now())])
      return count === 0 ? { fresh: false } : { fresh: true, result: await work(tx) }
    },
  }
}
