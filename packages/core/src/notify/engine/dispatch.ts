import type { Database, Transaction } from '../../database/database.ts'
import type { Jobs } from '../../jobs/jobs.ts'
import type { DueGroup, NotifyTables } from './notify-tables.ts'
import type { Route } from './route.ts'

/** What {@link dispatchDue} works with. */
export interface DispatchContext {
  readonly database: Database
  readonly tables: NotifyTables
  readonly jobs: Pick<Jobs, 'enqueue'>
  readonly jobName: string
  readonly attempts: number
  readonly routes: ReadonlyMap<string, Route>
  readonly createId: () => string
  readonly signal?: AbortSignal | undefined
}

/**
 * Turns groups that are due into messages, each together with the job that delivers it: in one transaction, so that a
 * crash leaves either the waiting group or the job. Groups of channels that only other processes know are left to them.
 *
 * @param now Milliseconds since 1970.
 * @param early Also groups that still wait for others; quiet hours and rate limits hold.
 * @returns How many messages there are.
 */
export async function dispatchDue(context: DispatchContext, now: number, early: boolean): Promise<number> {
  const { database, tables, routes, signal } = context
  let messages = 0
  for (let more = true; more;) {
    signal?.throwIfAborted()
    const groups = await tables.dueGroups(database, now, early)
    let made = 0
    for (const group of groups) {
      const route = routes.get(group.channel)
      if (route !== undefined && (await database.transaction((tx) => sendGroup(tx, group, route, context, now)))) made++
    }
    messages += made
    more = made > 0
  }
  return messages
}

async function sendGroup(
  tx: Transaction,
  group: DueGroup,
  { rate }: Route,
  { tables, jobs, jobName, attempts, createId }: DispatchContext,
  now: number,
): Promise<boolean> {
  await tables.lockChannel(tx, group.channel, now)
  if (rate !== undefined) {
    const oldest = await tables.oldestInWindow(tx, group.channel, now - rate.per, rate.limit)
    if (oldest !== undefined) {
      await tables.hold(tx, group.channel, oldest + rate.per)
      return false
    }
  }
  const message = createId()
  if ((await tables.collect(tx, group, message, now)) === 0) return false
  const { id } = await jobs.enqueue(jobName, { message, channel: group.channel }, { tx, attempts })
  await tables.addMessage(tx, message, group, id, now)
  return true
}
