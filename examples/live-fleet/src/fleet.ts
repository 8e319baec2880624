import type { Database, MigrationSet } from '@exprsn/core/database'
import type { Position } from '@exprsn/geo/coordinates'
import { createFences, databaseFences, type DatabaseFences, type Fences } from '@exprsn/geo/fence'

/** The service's own table: every event of a fence, once. */
export const fleetMigrations: MigrationSet = {
  name: 'fleet',
  migrations: [
    {
      id: '001-events',
      sql: `create table visits (number integer primary key, vehicle text not null, fence text not null,
                                 event text not null, at bigint not null)`,
    },
  ],
}

/** What happened at a fence. */
export interface Visit {
  readonly number: number
  readonly vehicle: string
  readonly fence: string
  readonly event: string
  readonly at: number
}

/** Vehicles, where they are, and what fences told of them. */
export interface Fleet {
  readonly fences: Fences
  readonly tracked: DatabaseFences
  readonly positions: ReadonlyMap<string, Position>
  visits(after: number): Promise<readonly Visit[]>
}

export function openFleet(database: Database): Fleet {
  const fences = createFences({ margin: 10, exitAfter: 2, lateness: '30s' })
  const positions = new Map<string, Position>()
  const tracked = databaseFences({
    database,
    fences,
    // In the transaction that stores where the vehicles are: an event is never lost, and never told twice.
    async handle(events, tx) {
      for (const { object, fence, type, time } of events)
        await tx.query('insert into visits (vehicle, fence, event, at) values ($1, $2, $3, $4)', [
          object,
          fence,
          type,
          time.getTime(),
        ])
    },
  })
  return {
    fences,
    positions,
    tracked: {
      ...tracked,
      async update(fixes, options) {
        const events = await tracked.update(fixes, options)
        for (const { id, position } of fixes) positions.set(String(id), position)
        return events
      },
    },
    async visits(after) {
      const { rows } = await database.query<Visit>('select * from visits where number > $1 order by number', [after])
      return rows.map((row) => ({ ...row, number: Number(row.number), at: Number(row.at) }))
    },
  }
}
