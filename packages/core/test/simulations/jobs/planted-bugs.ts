/** Bugs as changes of the statements that a process sends: each alone must be found by the simulation. */
export const plantedBugs: Readonly<Record<string, (sql: string) => string>> = {
  'a completion does not check the token': (sql) =>
    sql.replace(/ and token = \$\d+ and state = 'running'/, (check) =>
      check.replace(/token = (\$\d+)/, 'coalesce($1, 0) is not null'),
    ),
  'a claim hands out the old token': (sql) => sql.replace('token = token + 1', 'token = max(token, 1)'),
  'leases never run out': (sql) => sql.replaceAll('and lease_until <= $1', 'and lease_until <= 0 * $1'),
  'the next job of an ordering key is not let go': (sql) =>
    sql.replace('(select min(id) from', '(select min(-id) from'),
  'ordering keys are forgotten when a job is stored': (sql) =>
    sql.startsWith('insert') ? sql.replace('$11', 'nullif($11, $11)') : sql,
  'a completion leaves the job as it was': (sql) =>
    sql.replace(
      'set state = $2, finished_at',
      "set state = case when $2 = 'done' then 'running' else $2 end, finished_at",
    ),
  'jobs that become due are not seen': (sql) =>
    sql.replace("state = 'delayed' and run_at <= $1", "state = 'delayed' and run_at <= 0 * $1"),
  'jobs run before they are due': (sql) =>
    sql.replace("state = 'delayed' and run_at <= $1", "state = 'delayed' and run_at <= $1 + 60000"),
  'a failed attempt counts as done': (sql) =>
    sql.replace('set state = $2, run_at', "set state = coalesce(substr($2, 99, 0), '') || 'done', run_at"),
  'a key is not held': (sql) => (sql.startsWith('insert') ? sql.replace('$9', 'nullif($9, $9)') : sql),
  'attempts are not counted': (sql) => sql.replace('attempt = attempt + 1', 'attempt = attempt'),
  'the first of an ordering key does not make the others wait': (sql) =>
    sql.includes('select 1 as taken')
      ? `${sql.replace(' limit 1', '')} limit 0`
      : sql.replace(/create unique index (\S+_order")/, 'create index $1'),
}
