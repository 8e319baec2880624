import { tableNames, type MigrationNaming, type Queryable } from '@exprsn/core/database'
import type { GatewayEvent } from '../gateway/gateway-event.ts'
import { decodeJson, encodeJson } from './stored-json.ts'

/** An event that waits. */
export interface StoredEvent {
  readonly gateway: string
  readonly event: GatewayEvent
  readonly tries: number
  readonly receivedAt: number
}

interface EventRow {
  readonly gateway: string
  readonly content: string
  readonly tries: number
  readonly received_at: number
}

/** Identifiers in one statement. */
const mostEvents = 500

/** The events that gateways told, and how far each gateway's own list was read. */
export function inboxStore(dialect: Queryable['dialect'], naming: MigrationNaming) {
  const names = tableNames(dialect, naming)
  const [inbox, cursors] = [names.table('payment_inbox'), names.table('payment_cursors')]
  const lock = dialect === 'postgres' ? ' for update' : ''
  return {
    async insertEvent(tx: Queryable, gateway: string, event: GatewayEvent, now: number): Promise<boolean> {
      const { count } = await tx.query(
        `insert into ${inbox} (gateway, event, type, content, status, tries, received_at, due_at)
          values ($1, $2, $3, $4, 'new', 0, $5, $5) on conflict do nothing`,
        [gateway, event.id, event.type, encodeJson(event), now],
      )
      return count === 1
    },
    /** Which of some events were kept before. */
    async keptEvents(tx: Queryable, gateway: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
      const kept = new Set<string>()
      for (let at = 0; at < ids.length; at += mostEvents) {
        const part = ids.slice(at, at + mostEvents)
        const list = part.map((_, index) => `$${index + 2}`).join(', ')
        const { rows } = await tx.query<{ event: string }>(
          `select event from ${inbox} where gateway = $1 and event in (${list})`,
          [gateway, ...part],
        )
        for (const { event } of rows) kept.add(event)
      }
      return kept
    },
    async lockEvent(tx: Queryable, gateway: string, id: string): Promise<StoredEvent | undefined> {
      const { rows } = await tx.query<EventRow>(
        `select * from ${inbox} where gateway = $1 and event = $2 and status = 'new'${lock}`,
        [gateway, id],
      )
      return rows[0] && storedEvent(rows[0])
    },
    async dueEvents(tx: Queryable, now: number, limit: number): Promise<readonly StoredEvent[]> {
      const { rows } = await tx.query<EventRow>(
        `select * from ${inbox} where status = 'new' and due_at <= $1 order by due_at, event limit $2`,
        [now, limit],
      )
      return rows.map(storedEvent)
    },
    setEvent: (tx: Queryable, gateway: string, id: string, status: 'done' | 'ignored') =>
      tx.query(`update ${inbox} set status = $3 where gateway = $1 and event = $2`, [gateway, id, status]),
    postponeEvent: (tx: Queryable, gateway: string, id: string, due: number, error: string) =>
      tx.query(
        `update ${inbox} set tries = tries + 1, due_at = $3, error = $4 where gateway = $1 and event = $2 and status = 'new'`,
        [gateway, id, due, error.slice(0, 500)],
      ),

    async cursor(tx: Queryable, gateway: string): Promise<number | undefined> {
      const { rows } = await tx.query<{ since: number }>(`select since from ${cursors} where gateway = $1`, [gateway])
      return rows[0]?.since
    },
    moveCursor: (tx: Queryable, gateway: string, since: number) =>
      tx.query(
        `insert into ${cursors} (gateway, since) values ($1, $2)
          on conflict (gateway) do update set since = excluded.since where excluded.since > ${cursors}.since`,
        [gateway, since],
      ),
  }
}

function storedEvent({ gateway, content, tries, received_at }: EventRow): StoredEvent {
  return { gateway, event: decodeJson<GatewayEvent>(content), tries, receivedAt: received_at }
}
