import type { Queryable } from '../../database/database.ts'
import type { NotificationRecord } from '../notification.ts'
import type { NotifyTables } from './notify-tables.ts'
import type { Route } from './route.ts'

/** Where a notification will go, and when. */
export interface AcceptedPlace {
  readonly channel: string
  /** When its group is sent, unless more comes in between that delays it. */
  readonly due: Date
  /** Whether it waits for the end of quiet hours. */
  readonly quiet: boolean
}

/**
 * Stores a notification for each of its channels; undefined when its key has been told already.
 *
 * @param now Milliseconds since 1970.
 * @param repeat Milliseconds after which the same key is told again.
 */
export async function accept(
  tx: Queryable,
  record: NotificationRecord,
  routes: readonly Route[],
  { tables, now, repeat }: { readonly tables: NotifyTables; readonly now: number; readonly repeat: number },
): Promise<readonly AcceptedPlace[] | undefined> {
  if (!(await tables.tell(tx, record, now, now - repeat))) return undefined
  const places: AcceptedPlace[] = []
  for (const route of routes) {
    const dueAt = await groupDueAt(tx, record, route, tables, now)
    const holdUntil = route.quiet?.(now, record.severity)
    await tables.add(tx, { record, channel: route.name, dueAt, holdUntil: holdUntil ?? 0 }, now)
    const due = new Date(Math.max(dueAt, holdUntil ?? 0))
    places.push({ channel: route.name, due, quiet: holdUntil !== undefined })
  }
  return places
}

/** With those of its group that wait; else after the wait for others, and not too soon after the last message. */
async function groupDueAt(
  tx: Queryable,
  { group }: NotificationRecord,
  { name, groupWait, groupInterval }: Route,
  tables: NotifyTables,
  now: number,
): Promise<number> {
  const waiting = await tables.groupDue(tx, name, group)
  if (waiting !== undefined) return waiting
  const sent = groupInterval > 0 ? await tables.groupSent(tx, name, group) : undefined
  return Math.max(now + groupWait, sent === undefined ? 0 : sent + groupInterval)
}
