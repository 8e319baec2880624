import type { SqlDialect } from '@exprsn/core/database'

/** The statements over a table of objects. Lists come as one JSON text; rows are locked in one order, so nobody deadlocks. */
export function objectStatements(dialect: SqlDialect, objects: string) {
  const isPostgres = dialect === 'postgres'
  const ids = isPostgres
    ? 'select value as object from json_array_elements_text($2::json)'
    : 'select value as object from json_each($2)'
  const saved = isPostgres
    ? 'json_to_recordset($2::json) as saved (object text, state text, due bigint)'
    : `(select value->>'object' as object, value->>'state' as state, value->>'due' as due from json_each($2)) as saved`
  return {
    /** Gives every object a row to lock. */
    open: `insert into ${objects} (tenant, object, state) select $1, object, '' from (${ids}) as ids where true
      order by object on conflict do nothing`,
    lock: `select object, state from ${objects} where tenant = $1 and object in (${ids}) order by object
      ${isPostgres ? 'for update' : ''}`,
    save: `update ${objects} set state = saved.state, due = saved.due from ${saved}
      where ${objects}.tenant = $1 and ${objects}.object = saved.object`,
    forget: `delete from ${objects} where tenant = $1 and state = '' and object in (${ids})`,
    state: `select state from ${objects} where tenant = $1 and object = $2`,
    due: `select object from ${objects} where tenant = $1 and due <= $2 and object > $3 order by object limit $4`,
    size: `select count(*) as size from ${objects} where tenant = $1`,
  }
}
