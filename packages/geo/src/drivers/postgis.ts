/**
 * Fences kept in PostgreSQL with PostGIS, for the sets that several processes share and change.
 *
 * @packageDocumentation
 */
import { tableNames, type Database, type MigrationNaming, type MigrationSet } from '@exprsn/core/database'
import type { Position } from '../coordinates/position.ts'
import { checkPosition } from '../coordinates/position.ts'
import type { DatabaseCallOptions } from '../fence/database/database-fences.ts'
import type { FenceFeature } from '../fence/feature.ts'
import { fenceRow } from './postgis/fence-row.ts'
import { postgisErrors } from './postgis/errors.ts'
import { postgisMigrations } from './postgis/migrations.ts'
import { postgisStatements } from './postgis/statements.ts'

export { postgisErrors } from './postgis/errors.ts'
export type { DatabaseCallOptions } from '../fence/database/database-fences.ts'

/** Options of {@link postgisFences}. */
export interface PostgisFencesOptions extends MigrationNaming {
  /** A `postgresDatabase` whose server has PostGIS. It stays the caller's to close. */
  readonly database: Database
  /** Sets are apart from each other. @default '' */
  readonly tenant?: string | undefined
  /** What to do with rings that cross themselves. @default 'repair', by the even-odd rule as `createFences` reads them */
  readonly invalid?: 'repair' | 'refuse' | undefined
}

/** A rectangle in degrees: west, south, east, north. */
export type Bounds = readonly [west: number, south: number, east: number, north: number]

/** What changed since a version. */
export interface FenceChanges {
  readonly put: readonly FenceFeature[]
  readonly removed: readonly string[]
  /** To ask again with. */
  readonly version: number
}

/** Fences in a table. */
export interface PostgisFences {
  readonly migrations: MigrationSet
  /**
   * Adds fences, or replaces those of the same ids: all or none. Returns the ids of those whose geometry was repaired.
   *
   * @throws `GEO_FENCE_INVALID`, `GEO_POSTGIS_INVALID`
   */
  put(features: readonly FenceFeature[], options?: DatabaseCallOptions): Promise<readonly string[]>
  /** Takes fences away. */
  remove(ids: readonly string[], options?: DatabaseCallOptions): Promise<void>
  /** All fences, or those that may touch a rectangle: what one process of many loads into `createFences`. */
  load(options?: DatabaseCallOptions & { readonly within?: Bounds | undefined }): Promise<readonly FenceFeature[]>
  /** What was put and removed after a version; 0 is the beginning. Ask every few seconds to follow. */
  changes(since: number, options?: DatabaseCallOptions): Promise<FenceChanges>
  /** Per position the ids of the fences that contain it, borders included, in the order of their bytes. */
  locate(positions: readonly Position[], options?: DatabaseCallOptions): Promise<readonly (readonly string[])[]>
}

/**
 * Fences in PostgreSQL with PostGIS. A process loads them, or those of its region, into `createFences`, which is a thousand
 * times faster than a query per fix, and follows the changes.
 *
 * @throws `GEO_POSTGIS_DATABASE`
 * @example
 * ```ts no-run
 * import { migrate } from '@exprsn/core/database'
 * import { postgresDatabase } from '@exprsn/core/drivers/postgres'
 * import { postgisFences } from '@exprsn/geo/drivers/postgis'
 * import { createFences } from '@exprsn/geo/fence'
 *
 * const database = postgresDatabase({ connection: process.env.DATABASE_URL })
 * const stored = postgisFences({ database, tenant: 'north' })
 * await migrate(database, [stored.migrations])
 * const fences = createFences({ features: await stored.load({ within: [9.4, 47, 9.7, 47.3] }) })
 * ```
 */
export function postgisFences(options: PostgisFencesOptions): PostgisFences {
  const { database, tenant = '', invalid = 'repair', prefix, schema } = options
  if (database.dialect !== 'postgres') throw postgisErrors.GEO_POSTGIS_DATABASE({ dialect: database.dialect })
  const statements = postgisStatements(tableNames('postgres', { prefix, schema }).table('fences'))

  return {
    migrations: postgisMigrations,
    async put(features, { signal } = {}) {
      const rows = JSON.stringify(features.map((feature, index) => fenceRow(feature, `features[${index}]`)))
      return database.transaction(
        async (tx) => {
          const problems = await tx.query<{ id: string; reason: string }>(statements.problems, [rows])
          const first = problems.rows[0]
          if (first !== undefined && invalid === 'refuse') throw postgisErrors.GEO_POSTGIS_INVALID(first)
          await tx.query(statements.lock, [tenant])
          await tx.query(statements.put, [tenant, rows])
          return problems.rows.map(({ id }) => id)
        },
        { signal },
      )
    },
    async remove(ids, { signal } = {}) {
      await database.transaction(
        async (tx) => {
          await tx.query(statements.lock, [tenant])
          await tx.query(statements.remove, [tenant, JSON.stringify(ids)])
        },
        { signal },
      )
    },
    async load({ within, signal } = {}) {
      const text = within === undefined ? statements.loadAll : statements.loadWithin
      const values = [tenant, ...(within === undefined ? [] : checkBounds(within))]
      const { rows } = await database.query<{ feature: string }>(text, values, { signal })
      return rows.map(({ feature }) => JSON.parse(feature) as FenceFeature)
    },
    async changes(since, { signal } = {}) {
      const { rows } = await database.query<ChangeRow>(statements.changes, [tenant, since], { signal })
      return {
        put: rows.flatMap(({ feature }) => (feature === null ? [] : [JSON.parse(feature) as FenceFeature])),
        removed: rows.flatMap(({ id, feature }) => (feature === null ? [id] : [])),
        version: rows.at(-1)?.version ?? since,
      }
    },
    async locate(positions, { signal } = {}) {
      const places = positions.map((position, index) => checkPosition(position, `positions[${index}]`))
      const { rows } = await database.query<{ place: number; id: string }>(
        statements.locate,
        [tenant, JSON.stringify(places)],
        { signal },
      )
      const found: string[][] = places.map(() => [])
      for (const { place, id } of rows) found[place]!.push(id)
      return found
    },
  }
}

function checkBounds([west, south, east, north]: Bounds): Bounds {
  checkPosition([west, south], 'within[0..1]')
  checkPosition([east, north], 'within[2..3]')
  return [west, south, east, north]
}

interface ChangeRow {
  readonly id: string
  readonly feature: string | null
  readonly version: number
}
