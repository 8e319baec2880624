import type { Database, MigrationSet } from '@exprsn/core/database'
import type { Position } from '@exprsn/geo/coordinates'
import type { TimeWindow } from '@exprsn/geo/optimize'

/** What somebody ordered. Times are seconds since midnight. */
export interface Order {
  readonly id: string
  readonly position: Position
  readonly boxes: number
  readonly window?: TimeWindow | undefined
  /** Seconds at the door. @default 240 */
  readonly service?: number | undefined
}

/** The service's own tables: orders, and what is known of the day. */
export const orderMigrations: MigrationSet = {
  name: 'delivery',
  migrations: [
    {
      id: '001-orders',
      sql: `create table orders (id text primary key, content text not null, done integer not null default 0);
            create table day (name text primary key, content text not null)`,
    },
  ],
}

/** Orders and the day's state in the database. */
export function orderBook(database: Database) {
  return {
    /** False where there is one of that id already: sent again, an order counts once. */
    async add(order: Order): Promise<boolean> {
      const { rows } = await database.query<{ id: string }>(
        'insert into orders (id, content) values ($1, $2) on conflict (id) do nothing returning id',
        [order.id, JSON.stringify(order)],
      )
      return rows.length > 0
    },
    async open(): Promise<Order[]> {
      const { rows } = await database.query<{ content: string }>(
        'select content from orders where done = 0 order by id',
        [],
      )
      return rows.map(({ content }) => JSON.parse(content) as Order)
    },
    async close(ids: readonly string[]): Promise<void> {
      for (const id of ids) await database.query('update orders set done = 1 where id = $1', [id])
    },
    async read<Value>(name: string): Promise<Value | undefined> {
      const { rows } = await database.query<{ content: string }>('select content from day where name = $1', [name])
      return rows[0] === undefined ? undefined : (JSON.parse(rows[0].content) as Value)
    },
    async write(name: string, value: unknown): Promise<void> {
      await database.query(
        'insert into day (name, content) values ($1, $2) on conflict (name) do update set content = excluded.content',
        [name, JSON.stringify(value)],
      )
    },
  }
}

export type OrderBook = ReturnType<typeof orderBook>
