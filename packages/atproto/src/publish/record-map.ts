import { tableNames, type Database, type MigrationNaming, type Queryable } from '@exprsn/core/database'
import { toDataJson, type DataObject } from '../codec/index.ts'
import type { ItemState } from './item-rows.ts'
import type { Wanted } from './wanted.ts'

/** Where a record stands in the publisher's tables. */
export interface RecordPlace {
  readonly mapping: string
  readonly id: string
  /** Its number in the item's thread. */
  readonly part: number
  /** How many records the item has now. */
  readonly parts: number
  /** False for records of an item that has been posted anew since. */
  readonly isCurrent: boolean
  /** Whether it is deleted, or about to be. */
  readonly isRemoved: boolean
  /** What the host of the account is known to have. */
  readonly cid: string | undefined
  /** What was sent since the last answer. */
  readonly tried: readonly string[]
  readonly state: ItemState | 'new'
}

/** A record of another that takes the place of an item's own. */
export interface AdoptedRecord {
  readonly mapping: string
  readonly id: string
  readonly collection: string
  readonly rkey: string
  readonly cid: string
  readonly value: DataObject
  /** Milliseconds since 1970: the time of the item if it is new. */
  readonly createdAt: number
}

/** Which record belongs to which item, and what is known of it. Made by {@link createRecordMap}. */
export interface RecordMap {
  /** The item of a record. */
  find(tx: Queryable, collection: string, rkey: string): Promise<RecordPlace | undefined>
  /**
   * Makes what another has written the state that the next edit of the item builds on; what was still to be sent is given up.
   * An item that is not known yet belongs to that record from then on.
   */
  adopt(tx: Queryable, record: AdoptedRecord): Promise<void>
  /** The same for one record of a thread. */
  adoptPart(tx: Queryable, collection: string, rkey: string, cid: string | undefined): Promise<void>
  /** Takes an item for deleted: another has deleted its records. If it is put again it gets new ones. */
  adoptRemoval(tx: Queryable, mapping: string, id: string): Promise<void>
}

/**
 * The records of a publisher, for a host that also takes in what others have written to them. Every call belongs into a
 * transaction of the publisher's database.
 *
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { createRecordMap, publishMigrations } from '@exprsn/atproto/publish'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * await migrate(database, [publishMigrations])
 * const records = createRecordMap({ database, did: 'did:plc:example' })
 * await database.transaction((tx) =>
 *   records.adopt(tx, {
 *     mapping: 'notes',
 *     id: 'n1',
 *     collection: 'com.example.note',
 *     rkey: 'first',
 *     cid: 'bafyreigh2akiscaildc3k4zc6nu6ocrhqjpcqjizzpsqrbqxxbx7tsxyzu',
 *     value: { text: 'hello' },
 *     createdAt: Date.UTC(2026, 0, 1),
 *   }),
 * )
 * const place = await records.find(database, 'com.example.note', 'first')
 * console.log(place?.id, place?.state) // n1 published
 * ```
 */
export function createRecordMap(
  options: {
    /** That of the publisher. */
    readonly database: Pick<Database, 'dialect'>
    /** The publisher's account. */
    readonly did: string
  } & MigrationNaming,
): RecordMap {
  const { database, did, prefix, schema } = options
  const names = tableNames(database.dialect, { prefix, schema })
  return recordMapOf(names.table('publish_item'), names.table('publish_part'), did)
}

function recordMapOf(items: string, parts: string, did: string): RecordMap {
  const item = 'did = $1 and mapping = $2 and source_id = $3'
  const key = 'did = $1 and collection = $2 and rkey = $3'
  const find = `select p.mapping, p.source_id, p.part, p.generation, p.cid, p.tried, p.removed,
  i.state, i.generation as current, (select count(*) from ${parts} o where o.did = p.did and o.mapping = p.mapping
    and o.source_id = p.source_id and o.generation = i.generation and o.removed = 0) as parts
from ${parts} p join ${items} i on i.did = p.did and i.mapping = p.mapping and i.source_id = p.source_id
where p.did = $1 and p.collection = $2 and p.rkey = $3`
  const saveItem = `insert into ${items} as known (did, mapping, source_id, revision, generation, state, version, wanted,
  created_at, queued_at)
values ($1, $2, $3, 0, 0, 'published', $4, $5, $6, $6)
on conflict (did, mapping, source_id) do update set revision = known.revision + 1, state = 'published',
  version = excluded.version, wanted = excluded.wanted, holder = null, error = null
returning generation`
  const savePart = `insert into ${parts} as known (did, mapping, source_id, generation, part, collection, rkey, cid, ref_cid,
  removed)
values ($1, $2, $3, $4, 0, $5, $6, $7, $7, 0)
on conflict (did, mapping, source_id, generation, part) do update set collection = excluded.collection,
  rkey = excluded.rkey, cid = excluded.cid, tried = null, removed = 0`
  const touch = `update ${items} set revision = revision + 1, holder = null where ${item}`

  return {
    async find(tx, collection, rkey) {
      const { rows } = await tx.query(find, [did, collection, rkey])
      return rows[0] === undefined ? undefined : placeOf(rows[0])
    },
    async adopt(tx, { mapping, id, collection, rkey, cid, value, createdAt }) {
      const wanted: Wanted = {
        collection,
        conflict: 'manual',
        parts: [{ kind: 'record', record: toDataJson(value) }],
      }
      const values = [did, mapping, id, `adopted ${cid}`, JSON.stringify(wanted), createdAt]
      const { rows } = await tx.query<{ generation: number }>(saveItem, values)
      await tx.query(savePart, [did, mapping, id, Number(rows[0]!.generation), collection, rkey, cid])
    },
    async adoptPart(tx, collection, rkey, cid) {
      const { rows } = await tx.query<{ mapping: string; source_id: string }>(
        `update ${parts} set cid = $4, tried = null where ${key} returning mapping, source_id`,
        [did, collection, rkey, cid ?? null],
      )
      if (rows[0] !== undefined) await tx.query(touch, [did, rows[0].mapping, rows[0].source_id])
    },
    async adoptRemoval(tx, mapping, id) {
      await tx.query(
        `update ${items} set revision = revision + 1, state = 'deleted', version = null, wanted = null, holder = null,
error = null where ${item}`,
        [did, mapping, id],
      )
      await tx.query(`update ${parts} set cid = null, tried = null, removed = 1 where ${item} and removed <> 2`, [
        did,
        mapping,
        id,
      ])
    },
  }
}

function placeOf(row: Readonly<Record<string, unknown>>): RecordPlace {
  return {
    mapping: String(row.mapping),
    id: String(row.source_id),
    part: Number(row.part),
    parts: Number(row.parts),
    isCurrent: Number(row.generation) === Number(row.current),
    isRemoved: Number(row.removed) > 0,
    cid: (row.cid as string | null) ?? undefined,
    tried: ((row.tried as string | null) ?? '').split(' ').filter((cid) => cid !== ''),
    state: row.state as ItemState | 'new',
  }
}
