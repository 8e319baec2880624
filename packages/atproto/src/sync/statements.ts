import type { MigrationNames, Queryable } from '@exprsn/core/database'

const columns = 'did, rev, data, seq, epoch, state, account, wanted_rev, attempts, retry_at, error, claim, notices'

/** The statements of the sync under the host's names. */
export function syncStatements(dialect: Queryable['dialect'], names: MigrationNames) {
  const sources = names.table('sync_source')
  const repos = names.table('sync_repo')
  const records = names.table('sync_record')
  const isPostgres = dialect === 'postgres'
  const texts = isPostgres
    ? 'select jsonb_array_elements_text($3::jsonb)'
    : 'select entry.value from json_each($3) as entry'
  const entries = isPostgres
    ? 'select $1, $2, entry ->> 0, entry ->> 1, (entry ->> 2)::integer from jsonb_array_elements($3::jsonb) as entry'
    : 'select $1, $2, entry.value ->> 0, entry.value ->> 1, entry.value ->> 2 from json_each($3) as entry where true'
  return {
    readSource: `select seq, epoch, listing from ${sources} where name = $1`,
    addSource: `insert into ${sources} (name, seq, epoch, listing) values ($1, null, 1, 1) on conflict (name) do nothing`,
    // A slower process must not take the cursor back.
    moveCursor: `update ${sources} set seq = $2 where name = $1 and epoch = $3 and (seq is null or seq < $2)`,
    setListing: `update ${sources} set listing = $2 where name = $1`,
    // Until its transaction ends nobody begins a new count, and the cursor may be moved by others meanwhile.
    holdEpoch: `select epoch from ${sources} where name = $1${isPostgres ? ' for key share' : ''}`,
    // Waits for those who hold the count.
    lockSource: `select epoch from ${sources} where name = $1${isPostgres ? ' for update' : ''}`,
    newEpoch: `update ${sources} set epoch = epoch + 1, seq = null, listing = 1 where name = $1 and epoch = $2`,
    // The update changes nothing, but locks the row, and returns it whether it was there or not.
    lockRepo: `insert into ${repos} as known (source, did, seq, epoch, state, attempts, retry_at)
values ($1, $2, -1, $3, 'new', 0, 0)
on conflict (source, did) do update set seq = known.seq returning ${columns}`,
    saveRepo: `update ${repos} set rev = $3, data = $4, seq = $5, epoch = $6, state = $7, account = $8, wanted_rev = $9,
attempts = $10, retry_at = $11, error = $12, claim = $13, notices = $14 where source = $1 and did = $2`,
    readRepo: `select ${columns} from ${repos} where source = $1 and did = $2`,
    settledRepos: `select ${columns} from ${repos} where source = $1 and did > $2
and (state = 'synced' or (state = 'desynced' and account is not null and account <> 'active' and claim is null))
order by did limit $3`,
    dueRepos: `select did from ${repos} where source = $1 and state = 'desynced' and retry_at <= $2
order by retry_at, did limit $3`,
    nextDue: `select min(retry_at) as at from ${repos} where source = $1 and state = 'desynced'`,
    parkedRepos: `select ${columns} from ${repos} where source = $1 and state = 'desynced' and error is not null
order by did limit $2`,
    countStates: `select state, count(*) as repos, sum(case when error is null then 0 else 1 end) as failed
from ${repos} where source = $1 group by state`,
    claimRepo: `update ${repos} set claim = $3, retry_at = $4
where source = $1 and did = $2 and state = 'desynced' and retry_at <= $5 returning ${columns}`,
    renewClaim: `update ${repos} set retry_at = $4 where source = $1 and did = $2 and claim = $3`,
    retryNow: `update ${repos} set retry_at = 0 where source = $1 and did = $2 and state = 'desynced'`,
    knownRecords: `select path, cid, refused from ${records} where source = $1 and did = $2 and path in (${texts})`,
    allRecords: `select path, cid from ${records} where source = $1 and did = $2`,
    saveRecords: `insert into ${records} (source, did, path, cid, refused) ${entries}
on conflict (source, did, path) do update set cid = excluded.cid, refused = excluded.refused`,
    deleteRecords: `delete from ${records} where source = $1 and did = $2 and path in (${texts})`,
  }
}

/** The texts of {@link syncStatements}. */
export type SyncStatements = ReturnType<typeof syncStatements>
