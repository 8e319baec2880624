import type { Queryable } from '../../database/database.ts'
import type { MigrationNaming } from '../../database/migration.ts'
import { tableNames } from '../../database/table-names.ts'
import type { NotificationRecord } from '../notification.ts'

/** A notification that waits for one channel; times are milliseconds since 1970. */
export interface WaitingItem {
  readonly record: NotificationRecord
  readonly channel: string
  readonly dueAt: number
  readonly holdUntil: number
}

/** A group of a channel that can be sent. */
export interface DueGroup {
  readonly channel: string
  readonly group: string
}

/** One place of a notification: a channel, and the message in which it went there. */
export interface ItemPlace {
  readonly channel: string
  readonly dueAt: number
  readonly jobId: string | undefined
}

const mostInOneMessage = 100

/** The statements over the tables of notifications. Each takes the transaction or database it runs in. */
export class NotifyTables {
  readonly #items: string
  readonly #messages: string
  readonly #seen: string
  readonly #channels: string

  constructor(dialect: Queryable['dialect'], naming: MigrationNaming) {
    const names = tableNames(dialect, naming)
    this.#items = names.table('notify_items')
    this.#messages = names.table('notify_messages')
    this.#seen = names.table('notify_seen')
    this.#channels = names.table('notify_channels')
  }

  /** Whether this key has not been told in this status since `after`; it counts as told from now on. */
  async tell(tx: Queryable, { key, status }: NotificationRecord, now: number, after: number): Promise<boolean> {
    if (key === undefined) return true
    const statement =
      status === 'resolved'
        ? `update ${this.#seen} set status = 'resolved', told_at = $2 where key = $1 and status = 'firing'`
        : `insert into ${this.#seen} as old (key, status, told_at) values ($1, 'firing', $2)
           on conflict (key) do update set status = 'firing', told_at = excluded.told_at
           where old.status <> 'firing' or old.told_at <= $3`
    const values = status === 'resolved' ? [key, now] : [key, now, after]
    return (await tx.query(statement, values)).count > 0
  }

  /** When the waiting part of a group is due; undefined when nothing of it waits. */
  async groupDue(tx: Queryable, channel: string, group: string): Promise<number | undefined> {
    const { rows } = await tx.query<{ due: number | null }>(
      `select min(due_at) as due from ${this.#items} where channel = $1 and group_key = $2 and message_id is null`,
      [channel, group],
    )
    return rows[0]?.due ?? undefined
  }

  /** When a group was last sent. */
  async groupSent(tx: Queryable, channel: string, group: string): Promise<number | undefined> {
    const { rows } = await tx.query<{ sent: number | null }>(
      `select max(sent_at) as sent from ${this.#messages} where channel = $1 and group_key = $2`,
      [channel, group],
    )
    return rows[0]?.sent ?? undefined
  }

  async add(tx: Queryable, { record, channel, dueAt, holdUntil }: WaitingItem, now: number): Promise<void> {
    await tx.query(
      `insert into ${this.#items} (notification, channel, group_key, body, due_at, hold_until, created_at)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [record.id, channel, record.group, JSON.stringify(record), Math.ceil(dueAt), Math.ceil(holdUntil), now],
    )
  }

  /** Groups that can be sent now, those due for longest first. `early` leaves aside that groups wait for others. */
  async dueGroups(db: Queryable, now: number, early: boolean): Promise<readonly DueGroup[]> {
    const { rows } = await db.query<{ channel: string; group_key: string }>(
      `select channel, group_key from ${this.#items} where message_id is null and hold_until <= $1
       group by channel, group_key having min(due_at) <= $2 order by min(due_at) limit 100`,
      [now, early ? Number.MAX_SAFE_INTEGER : now],
    )
    return rows.map(({ channel, group_key }) => ({ channel, group: group_key }))
  }

  /** When something will be due; undefined when nothing waits. */
  async nextDue(db: Queryable): Promise<number | undefined> {
    const { rows } = await db.query<{ due: number | null }>(
      `select min(case when due_at > hold_until then due_at else hold_until end) as due
       from ${this.#items} where message_id is null`,
    )
    return rows[0]?.due ?? undefined
  }

  /** Makes the transaction the only one that sends on this channel until it ends. */
  async lockChannel(tx: Queryable, channel: string, now: number): Promise<void> {
    await tx.query(
      `insert into ${this.#channels} (channel, used_at) values ($1, $2)
       on conflict (channel) do update set used_at = excluded.used_at`,
      [channel, now],
    )
  }

  /** When the message was sent that has to be out of the window before another may go; undefined when none has. */
  async oldestInWindow(tx: Queryable, channel: string, after: number, limit: number): Promise<number | undefined> {
    const { rows } = await tx.query<{ sent_at: number }>(
      `select sent_at from ${this.#messages} where channel = $1 and sent_at > $2
       order by sent_at desc limit 1 offset ${limit - 1}`,
      [channel, after],
    )
    return rows[0]?.sent_at
  }

  async hold(tx: Queryable, channel: string, until: number): Promise<void> {
    await tx.query(
      `update ${this.#items} set hold_until = $2 where channel = $1 and message_id is null and hold_until < $2`,
      [channel, Math.ceil(until)],
    )
  }

  /** Puts what waits in a group into a message; gives how many. */
  async collect(tx: Queryable, { channel, group }: DueGroup, message: string, now: number): Promise<number> {
    const { count } = await tx.query(
      `update ${this.#items} set message_id = $3 where id in (
         select id from ${this.#items} where channel = $1 and group_key = $2 and message_id is null and hold_until <= $4
         order by id limit ${mostInOneMessage})`,
      [channel, group, message, now],
    )
    return count
  }

  async addMessage(tx: Queryable, id: string, { channel, group }: DueGroup, jobId: string, now: number): Promise<void> {
    await tx.query(
      `insert into ${this.#messages} (id, channel, group_key, job_id, sent_at) values ($1, $2, $3, $4, $5)`,
      [id, channel, group, jobId, now],
    )
  }

  async notificationsOf(db: Queryable, message: string): Promise<readonly NotificationRecord[]> {
    const { rows } = await db.query<{ body: string }>(
      `select body from ${this.#items} where message_id = $1 order by id`,
      [message],
    )
    return rows.map(({ body }) => JSON.parse(body) as NotificationRecord)
  }

  /** Where a notification goes, in the order of its channels. */
  async placesOf(db: Queryable, notification: string): Promise<readonly ItemPlace[]> {
    const { rows } = await db.query<{ channel: string; due_at: number; hold_until: number; job_id: string | null }>(
      `select item.channel, item.due_at, item.hold_until, message.job_id from ${this.#items} item
       left join ${this.#messages} message on message.id = item.message_id
       where item.notification = $1 order by item.id`,
      [notification],
    )
    return rows.map(({ channel, due_at, hold_until, job_id }) => ({
      channel,
      dueAt: Math.max(due_at, hold_until),
      jobId: job_id ?? undefined,
    }))
  }

  /** Deletes what was sent before, and keys that were told before. */
  async clean(db: Queryable, sentBefore: number, toldBefore: number): Promise<void> {
    await db.query(
      `delete from ${this.#items} where message_id in (select id from ${this.#messages} where sent_at < $1)`,
      [sentBefore],
    )
    await db.query(`delete from ${this.#messages} where sent_at < $1`, [sentBefore])
    await db.query(`delete from ${this.#seen} where told_at < $1`, [toldBefore])
  }
}
