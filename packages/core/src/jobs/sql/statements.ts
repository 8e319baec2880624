import type { MigrationNames } from '../../database/migration.ts'
import type { SqlDialect } from '../../database/scan-sql.ts'

/** The texts of every statement, written once per backend so that prepared statements are found again. */
export type JobStatements = ReturnType<typeof jobStatements>

const insertColumns =
  'name, payload, state, priority, run_at, attempts, backoff, key, held_key, key_until, ordering_key, created_at'

/** What a claim reads of a job. */
const claimedColumns =
  'id, token, name, payload, attempt, attempts, priority, key, ordering_key, backoff, created_at, run_at'

/**
 * `$1` is the present time wherever a statement needs it. The engines differ in four places only: taking rows that
 * nobody else is taking, the lock of an ordering key, lists of pairs, and lists of rows.
 */
export function jobStatements(dialect: SqlDialect, names: MigrationNames) {
  const jobs = names.table('jobs')
  const postgres = dialect === 'postgres'
  const skipLocked = postgres ? 'for update skip locked' : ''
  const materialized = postgres ? 'materialized' : ''
  // Two arrays of ids and tokens on PostgreSQL, a JSON list of pairs on SQLite; the ids once more for PostgreSQL's planner,
  // which would rather read the whole table than trust the size of an array.
  const pairs = (first: number): string =>
    postgres
      ? `unnest(cast($${first} as bigint[]), cast($${first + 1} as bigint[])) as pair(job, proof)`
      : `(select value ->> 0 as job, value ->> 1 as proof from json_each($${first})) as pair`
  const isPair = (first: number): string =>
    `held.id = pair.job and held.token = pair.proof and held.state = 'running'
      ${postgres ? `and held.id = any(cast($${first} as bigint[]))` : ''}`
  // PostgreSQL looks up an array through the primary key; a list of unknown length it may join by reading the whole table.
  const among = (cte: string): string =>
    postgres ? `= any(array(select id from ${cte}))` : `in (select id from ${cte})`
  const hold = `held_key = case when key_until > $1 then held_key else null end`
  const mine = (first: number): string => `id = $${first} and token = $${first + 1} and state = 'running'`
  return {
    insert: `insert into ${jobs} (${insertColumns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning id`,
    insertUnique: `insert into ${jobs} (${insertColumns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
      on conflict (name, held_key) where held_key is not null do nothing returning id`,
    insertMany: postgres
      ? `insert into ${jobs} (name, payload, state, priority, run_at, attempts, backoff, created_at)
         select job.name, job.payload, job.state, job.priority, job.run_at, job.attempts, job.backoff, $1
         from unnest(cast($2 as text[]), cast($3 as text[]), cast($4 as text[]), cast($5 as integer[]),
           cast($6 as bigint[]), cast($7 as integer[]), cast($8 as text[])) with ordinality
           as job(name, payload, state, priority, run_at, attempts, backoff, place) order by job.place returning id`
      : `insert into ${jobs} (name, payload, state, priority, run_at, attempts, backoff, created_at)
         select value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, $1
         from json_each($2) order by key returning id`,
    keyHolder: `select id, finished_at, key_until from ${jobs} where name = $1 and held_key = $2`,
    freeKey: `update ${jobs} set held_key = null where id = $2 and finished_at is not null and coalesce(key_until, 0) <= $1`,
    lockOrder: postgres ? `select pg_advisory_xact_lock(hashtextextended($1, 0))` : undefined,
    orderTaken: `select 1 as taken from ${jobs} where ordering_key = $1 and state in ('queued', 'delayed', 'running')
      union all select 1 from ${jobs} where ordering_key = $1 and state = 'waiting' limit 1`,
    releaseNext: `update ${jobs} set state = case when run_at > $1 then 'delayed' else 'queued' end
      where id = (select min(id) from ${jobs} where ordering_key = $2 and state = 'waiting')
      and not exists (select 1 from ${jobs} where ordering_key = $2 and state in ('queued', 'delayed', 'running'))`,
    stuckOrders: `select distinct ordering_key from ${jobs} as stuck where state = 'waiting' and not exists (
      select 1 from ${jobs} as head where head.ordering_key = stuck.ordering_key
      and head.state in ('queued', 'delayed', 'running')) limit 100`,
    /** `names` stands in the text: a process has one list of handlers. */
    claim: (handled: readonly string[]) => `with picked as ${materialized} (
        select id from ${jobs} where state = 'queued' and name in (${placeholders(handled, 5)})
        order by priority desc, id limit $4 ${skipLocked})
      update ${jobs} set state = 'running', attempt = attempt + 1, token = token + 1, lease_until = $2, lease_ms = $3,
        started_at = $1, cancel_requested = 0
      where id ${among('picked')} returning ${claimedColumns}`,
    promote: `update ${jobs} set state = 'queued' where id in (
      select id from ${jobs} where state = 'delayed' and run_at <= $1 order by run_at limit 1000 ${skipLocked})`,
    nextDue: `select min(run_at) as next from ${jobs} where state = 'delayed'`,
    finishMany: `update ${jobs} as held set state = 'done', finished_at = $1, lease_until = null, error = null, ${hold}
      from ${pairs(2)} where ${isPair(2)} returning id`,
    finish: `update ${jobs} set state = $2, finished_at = $1, lease_until = null, error = $3, ${hold}
      where ${mine(4)} returning id`,
    retry: `update ${jobs} set state = $2, run_at = $1, error = $3, lease_until = null where ${mine(4)} returning id`,
    finishedByUs: `select id from ${jobs} where id = $1 and token = $2 and state = $3`,
    giveBack: `update ${jobs} set state = 'queued', lease_until = null, attempt = attempt - 1 where ${mine(1)}`,
    extend: `with mine as ${materialized} (select held.id from ${pairs(3)}, ${jobs} as held where ${isPair(3)}
        ${postgres ? 'for update of held skip locked' : ''})
      update ${jobs} set lease_until = $1, lease_ms = $2 where id ${among('mine')} returning id, cancel_requested`,
    stillMine: `select id from ${jobs} where ${mine(1)}`,
    progress: `update ${jobs} set progress_done = $1, progress_total = $2 where ${mine(3)}`,
    clampLeases: `update ${jobs} set lease_until = $1 + lease_ms where state = 'running' and lease_until > $1 + lease_ms + 60000`,
    recoverMany: `update ${jobs} set state = 'queued', lease_until = null, error = $2 where id in (
      select id from ${jobs} where state = 'running' and lease_until <= $1 and attempt < attempts
      and cancel_requested = 0 order by lease_until limit 1000 ${skipLocked}) returning id, name`,
    expired: `select id, token, name, attempt, ordering_key, cancel_requested from ${jobs} where state = 'running'
      and lease_until <= $1 and (attempt >= attempts or cancel_requested = 1) order by lease_until limit 100`,
    stillExpired: `select id from ${jobs} where ${mine(1)} and lease_until <= $3`,
    byId: `select * from ${jobs} where id = $1`,
    orderOf: `select ordering_key from ${jobs} where id = $1`,
    cancelQuiet: `update ${jobs} set state = 'cancelled', finished_at = $1, held_key = null, error = $2
      where id = $3 and state in ('queued', 'delayed', 'waiting') returning id`,
    cancelRunning: `update ${jobs} set cancel_requested = 1 where id = $1 and state = 'running' returning id`,
    list: `select * from ${jobs} where id > $1 and ($2 = '' or state = $2) and ($3 = '' or name = $3) order by id limit $4`,
    count: `select state, count(*) as count from ${jobs} group by state`,
    oldest: `select min(case when run_at > created_at then run_at else created_at end) as oldest from ${jobs}
      where state = 'queued'`,
    dead: `select id, key, ordering_key from ${jobs} where state = 'dead' and ($1 = 0 or id = $1) and ($2 = '' or name = $2)
      order by id limit 1000`,
    revive: `update ${jobs} set state = $2, attempt = 0, run_at = $1, finished_at = null, held_key = key,
      cancel_requested = 0, progress_done = null, progress_total = null where id = $3 and state = 'dead' returning id`,
    clean: `delete from ${jobs} where id in (select id from ${jobs} where finished_at is not null and coalesce(key_until, 0) <= $1
      and (finished_at <= $2 and state in ('done', 'cancelled') or finished_at <= $3 and state = 'dead') limit 1000)`,
    cleanInbox: `delete from ${names.table('inbox')} where received_at <= $1`,
    foreign: (handled: readonly string[]) => `select distinct name from (select name from ${jobs}
      where state = 'queued' and name not in (${placeholders(handled, 1)}) limit 10000) as foreign_jobs limit 20`,
    receive: `insert into ${names.table('inbox')} (scope, message, received_at) values ($1, $2, $3)
      on conflict (scope, message) do nothing`,
    serverTime: `select cast(floor(extract(epoch from clock_timestamp()) * 1000) as bigint) as now`,
  }
}

function placeholders(values: readonly string[], first: number): string {
  return values.map((_, index) => `$${first + index}`).join(', ')
}
