import type { MigrationNames } from '@exprsn/core/database'

/** The statements of the publisher under the host's names. */
export function publishStatements(names: MigrationNames) {
  const items = names.table('publish_item')
  const parts = names.table('publish_part')
  const media = names.table('publish_media')
  const budgets = names.table('publish_budget')
  const reserved = names.table('publish_points')
  const item = 'did = $1 and mapping = $2 and source_id = $3'
  const columns =
    'mapping, source_id, revision, generation, state, version, wanted, created_at, queued_at, not_before, holder, error'
  return {
    // The update changes nothing, but locks the row, and returns it whether it was there or not.
    lockItem: `insert into ${items} as known (did, mapping, source_id, revision, generation, state, created_at, queued_at)
values ($1, $2, $3, 0, 0, 'new', $4, $4)
on conflict (did, mapping, source_id) do update set revision = known.revision returning ${columns}`,
    saveWanted: `update ${items} set revision = revision + 1, generation = $4, state = 'pending', version = $5, wanted = $6,
created_at = $7, queued_at = $8, not_before = $9, error = null where ${item}`,
    readItem: `select ${columns} from ${items} where ${item}`,
    hold: `update ${items} set holder = $4 where ${item} returning ${columns}`,
    // Locks the row until the transaction ends.
    isHolder: `update ${items} set holder = $4 where ${item} and holder = $4 and revision = $5`,
    saveState: `update ${items} set state = $4, error = $5 where ${item} and revision = $6`,
    saveError: `update ${items} set error = $4 where ${item} and state = 'pending'`,
    listItems: `select ${columns} from ${items}
where did = $1 and ($2 = '' or state = $2) and (mapping > $3 or (mapping = $3 and source_id > $4))
order by mapping, source_id limit $5`,
    listWaiting: `select mapping, source_id from ${items}
where did = $1 and state = 'pending' and error is not null and not_before <= $2
  and (mapping > $3 or (mapping = $3 and source_id > $4))
order by mapping, source_id limit $5`,
    countStates: `select state, count(*) as items from ${items} where did = $1 group by state`,
    readParts: `select generation, part, collection, rkey, cid, tried, ref_cid, removed from ${parts} where ${item}
order by generation, part`,
    reservePart: `insert into ${parts} (did, mapping, source_id, generation, part, collection, rkey, removed)
values ($1, $2, $3, $4, $5, $6, $7, 0) on conflict do nothing`,
    isKeyTaken: `select 1 as taken from ${parts} where did = $1 and collection = $2 and rkey = $3`,
    renewPart: `update ${parts} set rkey = $6, cid = null, tried = null, ref_cid = null, removed = 0
where ${item} and generation = $4 and part = $5 and removed in (1, 2)`,
    tryPart: `update ${parts} set tried = $6 where ${item} and generation = $4 and part = $5`,
    adoptPart: `update ${parts} set cid = $6 where ${item} and generation = $4 and part = $5`,
    adoptReferred: `update ${parts} set cid = $6, ref_cid = coalesce(ref_cid, $6)
where ${item} and generation = $4 and part = $5`,
    confirmPart: `update ${parts} set cid = $6, tried = null, ref_cid = coalesce(ref_cid, $6)
where ${item} and generation = $4 and part = $5`,
    removePart: `update ${parts} set cid = null, tried = null, removed = 2 where ${item} and generation = $4 and part = $5`,
    removingPart: `update ${parts} set removed = 3 where ${item} and generation = $4 and part = $5`,
    forgetRemoved: `update ${parts} set removed = 1 where ${item} and removed = 2`,
    readMedia: `select cid, mime, size, width, height, title, description from ${media} where did = $1 and name = $2`,
    // The first who has prepared a file says what it is for all.
    saveMedia: `insert into ${media} (did, name, cid, mime, size, width, height, title, description)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
    isUploaded: `select 1 as uploaded from ${media} where did = $1 and cid = $2 limit 1`,
    forgetMedia: `delete from ${media} where did = $1 and cid = $2`,
    lockBudget: `insert into ${budgets} as known (did, name, used, reset_at) values ($1, $2, 0, 0)
on conflict (did, name) do update set used = known.used returning used, reset_at`,
    readBudgets: `select name, used, reset_at from ${budgets} where did = $1 order by name`,
    saveBudget: `update ${budgets} set used = $3, reset_at = $4 where did = $1 and name = $2`,
    reservePoints: `insert into ${reserved} (did, reserved_at, id, points) values ($1, $2, $3, $4)`,
    sumReserved: `select sum(points) as points, min(reserved_at) as first from ${reserved}
where did = $1 and reserved_at > $2`,
    readPlace: `select reserved_at from ${reserved} where did = $1 and id = $2`,
    nthLatest: `select reserved_at from ${reserved} where did = $1 and id <> $2 and reserved_at < $3
order by reserved_at desc, id desc limit 1 offset $4`,
    leaveTurn: `delete from ${reserved} where did = $1 and id = $2 and reserved_at > $3`,
    forgetPlaces: `delete from ${reserved} where did = $1 and (id = $2 or reserved_at <= $3)`,
    forgetPoints: `delete from ${reserved} where did = $1 and ((reserved_at = $2 and id = $3) or reserved_at <= $4)`,
  }
}

/** The texts of {@link publishStatements}. */
export type PublishStatements = ReturnType<typeof publishStatements>
