/** Bugs as changes of the statements that a process sends: each alone must be found by the simulation. */
export const plantedBugs: Readonly<Record<string, (sql: string) => string>> = {
  'the head of a repository is not saved': (sql) =>
    isSave(sql) ? sql.replace('rev = $3', 'rev = coalesce(rev, $3)') : sql,
  'the root of the tree is not saved': (sql) =>
    isSave(sql) ? sql.replace('data = $4', 'data = coalesce(data, $4)') : sql,
  'the cursor runs ahead of what is applied': (sql) =>
    sql.replace('set seq = $2 where name', 'set seq = $2 + 3 where name'),
  'records are applied and not noted': (sql) =>
    sql.includes('on conflict (source, did, path)') ? sql.replace('where true', 'where false') : sql,
  'deletions are applied and not noted': (sql) =>
    sql.startsWith('delete from "exprsn_sync_record') ? sql.replace('did = $2', "did = $2 || 'x'") : sql,
  'a change of a record is not noted': (sql) =>
    sql.replace('do update set cid = excluded.cid', 'do update set cid = cid'),
  'that a record was refused is not noted': (sql) =>
    sql.replace('entry.value ->> 1, entry.value ->> 2 from', 'entry.value ->> 1, 0 * (entry.value ->> 2) from'),
  'what is out of step counts as synced': (sql) =>
    isSave(sql) ? sql.replace('state = $7', "state = replace($7, 'desynced', 'synced')") : sql,
  'announcements during a fetch are forgotten': (sql) =>
    isSave(sql) ? sql.replace('wanted_rev = $9', 'wanted_rev = nullif($9, $9)') : sql,
  'a repository that was left aside is never fetched again': (sql) =>
    sql.startsWith('update') ? sql : sql.replace('retry_at <= $2', 'retry_at <= 0 * $2'),
  'the number of the last message is not saved': (sql) =>
    isSave(sql) ? sql.replace('seq = $5', 'seq = -abs($5)') : sql,
  'the first list of repositories is not owed after a crash': (sql) =>
    sql
      .replace('values ($1, null, 1, 1)', 'values ($1, null, 1, 0)')
      .replace('set listing = $2', 'set listing = 0 * $2'),
  'what the handler was told of an account is not saved': (sql) =>
    isSave(sql) ? sql.replace('account = $8', 'account = nullif($8, $8)') : sql,
  'a notice that could not be told is told for ever': (sql) =>
    isSave(sql) ? sql.replace('notices = $14', 'notices = coalesce($14, notices)') : sql,
  'a host that counts anew keeps its old cursor': (sql) => sql.replace('seq = null, listing = 1', 'listing = 1'),
  'only a part of what is known is compared': (sql) =>
    sql.startsWith('select path, cid from') ? `${sql} limit 3` : sql,
}

function isSave(sql: string): boolean {
  return sql.startsWith('update "exprsn_sync_repo" set rev = ')
}
