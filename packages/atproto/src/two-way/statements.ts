import type { MigrationNames } from '@exprsn/core/database'

/** The statements of the two-way sync under the host's names. */
export function twoWayStatements(names: MigrationNames) {
  const items = names.table('two_way_item')
  const sent = names.table('two_way_sent')
  const accounts = names.table('two_way_account')
  const item = 'did = $1 and mapping = $2 and source_id = $3'
  const record = 'did = $1 and collection = $2 and rkey = $3'
  const columns = `mapping, source_id, counter, origin, base_cid, base_record, base_digest, owned, local_digest, local_at,
deleted, deleted_at, conflict, conflict_at`
  return {
    // The update changes nothing, but locks the row, and returns it whether it was there or not.
    lockItem: `insert into ${items} as known (did, mapping, source_id, counter, origin, local_at)
values ($1, $2, $3, 0, 'new', $4)
on conflict (did, mapping, source_id) do update set counter = known.counter returning ${columns}`,
    readItem: `select ${columns} from ${items} where ${item}`,
    saveItem: `update ${items} set counter = $4, origin = $5, base_cid = $6, base_record = $7, base_digest = $8, owned = $9,
local_digest = $10, local_at = $11, deleted = $12, deleted_at = $13, conflict = $14, conflict_at = $15 where ${item}`,
    forgetItem: `delete from ${items} where ${item} and origin = 'new'`,
    listConflicts: `select ${columns} from ${items} where did = $1 and conflict is not null
and (mapping > $2 or (mapping = $2 and source_id > $3)) order by mapping, source_id limit $4`,
    countConflicts: `select count(*) as items from ${items} where did = $1 and conflict is not null`,
    prune: `delete from ${items} where did = $1 and deleted is not null and conflict is null and deleted_at < $2`,
    noteSent: `insert into ${sent} (did, collection, rkey, number, cid, digest)
select $1, $2, $3, coalesce((select max(number) from ${sent} where ${record}), 0) + 1, $4, $5`,
    readSent: `select number, cid, digest, rev from ${sent} where ${record} order by number`,
    saveRev: `update ${sent} set rev = $5 where ${record} and cid = $4
and number = (select max(number) from ${sent} where ${record} and cid = $4)`,
    forgetSent: `delete from ${sent} where ${record} and number < $4`,
    readAccount: `select status from ${accounts} where did = $1`,
    saveAccount: `insert into ${accounts} (did, status) values ($1, $2)
on conflict (did) do update set status = excluded.status`,
  }
}

/** The texts of {@link twoWayStatements}. */
export type TwoWayStatements = ReturnType<typeof twoWayStatements>
