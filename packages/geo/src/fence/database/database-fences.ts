import {
  tableNames,
  type Database,
  type MigrationNaming,
  type MigrationSet,
  type Transaction,
} from '@exprsn/core/database'
import type { Fences } from '../create-fences.ts'
import type { FenceEvent, Fix } from '../fence-event.ts'
import type { FenceSnapshot } from '../track/snapshot.ts'
import { fenceObjectMigrations } from './migrations.ts'
import { objectStatements } from './statements.ts'

/** Options of {@link databaseFences}. */
export interface DatabaseFencesOptions extends MigrationNaming {
  /** Where the objects are kept. It stays the caller's to close. */
  readonly database: Database
  /** The fences and their rules. They must be used for nothing else: between two calls they hold no objects. */
  readonly fences: Fences
  /** Objects of several sets in one table. @default '' */
  readonly tenant?: string | undefined
  /**
   * Takes the events of a call in its transaction: what it writes there – an outbox, a job, a table of arrivals – is kept
   * together with the objects, or not at all.
   */
  readonly handle?: ((events: readonly FenceEvent[], tx: Transaction) => Promise<void>) | undefined
}

/** Fences whose objects are kept in a database. */
export interface DatabaseFences {
  readonly migrations: MigrationSet
  /** Takes fixes in one transaction and returns what they show. @throws `GEO_FIX_INVALID`; then nothing is taken */
  update(fixes: readonly Fix[], options?: DatabaseCallOptions): Promise<readonly FenceEvent[]>
  /** Lets time pass for the objects that it changes, 500 in a transaction. */
  advance(time: Date | number, options?: DatabaseCallOptions): Promise<readonly FenceEvent[]>
  /** Ids of the fences that an object is in. */
  fencesOf(object: string): Promise<readonly string[]>
  /** Forgets an object without an event. */
  forget(object: string): Promise<void>
  /** How many objects are kept. */
  size(): Promise<number>
}

/** Options of calls to {@link DatabaseFences}. */
export interface DatabaseCallOptions {
  /** Gives up, and rolls the transaction back. */
  readonly signal?: AbortSignal | undefined
}

const batch = 500

/**
 * Keeps moving objects in a database instead of memory, for hosts that run in several processes or only for the length of a
 * request. Each call is one transaction over the objects that it names: fixes, events and what the host makes of them are
 * kept together, so a crash neither loses an event nor tells it twice. SQLite and PostgreSQL.
 *
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { createFences, databaseFences } from '@exprsn/geo/fence'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * const fences = createFences({
 *   features: [
 *     { type: 'Feature', id: 'depot', geometry: { type: 'Point', coordinates: [9.52, 47.14] }, properties: { radius: 200 } },
 *   ],
 * })
 * const tracked = databaseFences({ database, fences })
 * await migrate(database, [tracked.migrations])
 * const events = await tracked.update([{ id: 'van-7', position: [9.52, 47.14], time: Date.now() }])
 * console.log(events[0]?.type, await tracked.fencesOf('van-7')) // enter [ 'depot' ]
 * ```
 */
export function databaseFences(options: DatabaseFencesOptions): DatabaseFences {
  const { database, fences, tenant = '', handle, prefix, schema } = options
  const names = tableNames(database.dialect, { prefix, schema })
  const statements = objectStatements(database.dialect, names.table('fence_objects'))

  async function step(ids: readonly string[], take: () => readonly FenceEvent[], tx: Transaction) {
    const list = JSON.stringify(ids)
    await tx.query(statements.open, [tenant, list])
    const { rows } = await tx.query<{ state: string }>(statements.lock, [tenant, list])
    const states = rows.flatMap(({ state }) => (state === '' ? [] : [JSON.parse(state) as FenceSnapshot]))
    const { events, saved } = evaluate(fences, ids, states, take)
    await tx.query(statements.save, [tenant, JSON.stringify(saved)])
    if (saved.some(({ state }) => state === '')) await tx.query(statements.forget, [tenant, list])
    if (events.length > 0) await handle?.(events, tx)
    return events
  }

  return {
    migrations: fenceObjectMigrations,
    async update(fixes, { signal } = {}) {
      if (fixes.length === 0) return []
      const ids = [...new Set(fixes.map(({ id }) => String(id)))]
      return database.transaction((tx) => step(ids, () => fences.updateAll(fixes), tx), { signal })
    },
    async advance(time, { signal } = {}) {
      const now = Number(time)
      const events: FenceEvent[] = []
      for (let after = ''; ;) {
        const found = await database.query<{ object: string }>(statements.due, [tenant, now, after, batch], { signal })
        const ids = found.rows.map(({ object }) => object)
        if (ids.length === 0) return events
        events.push(...(await database.transaction((tx) => step(ids, () => fences.advance(now), tx), { signal })))
        after = ids.at(-1)!
      }
    },
    async fencesOf(object) {
      const { rows } = await database.query<{ state: string }>(statements.state, [tenant, object])
      const state = rows[0]?.state ?? ''
      if (state === '') return []
      const memberships = (JSON.parse(state) as FenceSnapshot).objects[0]?.[4] ?? []
      return memberships.filter(([, kind]) => kind === 'inside').map(([fence]) => fence)
    },
    async forget(object) {
      const list = JSON.stringify([object])
      await database.transaction(async (tx) => {
        await tx.query(statements.lock, [tenant, list])
        await tx.query(statements.save, [tenant, JSON.stringify([{ object, state: '', due: null }])])
        await tx.query(statements.forget, [tenant, list])
      })
    },
    async size() {
      const { rows } = await database.query<{ size: number }>(statements.size, [tenant])
      return rows[0]!.size
    },
  }
}

interface SavedObject {
  readonly object: string
  /** Empty when there is nothing to keep. */
  readonly state: string
  readonly due: number | null
}

/** Without any waiting in between: calls that run at once do not see each other's objects. */
function evaluate(
  fences: Fences,
  ids: readonly string[],
  states: readonly FenceSnapshot[],
  take: () => readonly FenceEvent[],
): { readonly events: readonly FenceEvent[]; readonly saved: readonly SavedObject[] } {
  try {
    const events = states.flatMap((state) => fences.restore(state))
    events.push(...take())
    const saved = ids.map((object): SavedObject => {
      const snapshot = fences.snapshot([object])
      const isKnown = snapshot.objects.length > 0 || (snapshot.waiting ?? []).length > 0
      const due = fences.dueOf(object)
      return {
        object,
        state: isKnown ? JSON.stringify(snapshot) : '',
        due: Number.isFinite(due) ? Math.ceil(due) : null,
      }
    })
    return { events, saved }
  } finally {
    for (const id of ids) fences.forget(id)
  }
}
