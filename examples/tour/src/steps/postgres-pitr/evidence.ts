import type { Database } from '@exprsn/core/database'

/** A table as a number of rows and a checksum over all of them in order. */
export interface TableState {
  readonly rows: number
  readonly checksum: string
}

/** The state of the cities, every column of every row included. */
export async function citiesState(database: Database): Promise<TableState> {
  return tableState(database, 'city', 'true')
}

/** The state of the events up to an id. */
export async function eventsState(database: Database, lastId: number): Promise<TableState> {
  return tableState(database, 'event', `id <= ${lastId}`)
}

async function tableState(database: Database, table: string, where: string): Promise<TableState> {
  const { rows } = await database.query<TableState>(
    `select count(*) as rows, md5(coalesce(string_agg(t::text, ',' order by id), '')) as checksum from ${table} t where ${where}`,
  )
  return rows[0]!
}

/** The highest id of the events; 0 when there are none. */
export async function lastEventId(database: Database): Promise<number> {
  const { rows } = await database.query<{ last: number }>('select coalesce(max(id), 0) as last from event')
  return rows[0]!.last
}

/** Compares, and throws a sentence that names what differs. */
export function expectEqual(what: string, actual: unknown, expected: unknown): void {
  const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (got !== wanted) throw new Error(`${what}: expected ${wanted}, got ${got}.`)
}
