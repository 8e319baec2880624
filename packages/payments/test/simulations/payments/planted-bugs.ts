/** Bugs as changes of the statements that a process sends: each alone must be found by the simulation. */
export const plantedBugs: Readonly<Record<string, (sql: string) => string>> = {
  'refunds on their way do not count': (sql) =>
    sql.includes('as sum from') ? sql.replace('sum(amount)', 'sum(amount * 0)') : sql,
  'a refund that failed still counts': (sql) => sql.replace("t.state <> 'failed'", "t.state <> 'nothing'"),
  'commands without an answer are never looked up': (sql) =>
    sql.replace("where status in ('ready', 'sent', 'unknown') and due_at", "where status in ('ready') and due_at"),
  'a command without an answer is sent again': (sql) =>
    sql.replace(
      'set status = $2, result = $3',
      "set status = case when $2 = 'unknown' then 'not_done' else $2 end, result = $3",
    ),
  'what was captured is not recorded': (sql) => sql.replace('captured = $5', 'captured = coalesce(captured, $5)'),
  'the books are not brought up to date': (sql) => sql.replace('set debits = cast', 'set debits = 0 * cast'),
  'the head of the journal is not moved': (sql) =>
    sql.includes('ledger_head"') ? sql.replace('set sequence = $1', 'set sequence = 0 * $1 + sequence') : sql,
  'events that fail are forgotten': (sql) =>
    sql.replace('set tries = tries + 1', "set status = 'ignored', tries = tries + 1"),
  'events that no webhook brought are kept and not applied': (sql) =>
    sql.startsWith('insert into "exprsn_payment_inbox"') ? sql.replace("'new'", "'done'") : sql,
  'the reference of a payment is lost': (sql) => sql.replace('set reference = $2', 'set reference = nullif($2, $2)'),
  'a refund is filed under no payment': (sql) =>
    sql.startsWith('insert into "exprsn_payment_transfers"') ? sql.replace('$4', 'nullif($4, $4)') : sql,
  'a later report of a refund is dropped': (sql) =>
    sql.replace(
      'update "exprsn_payment_transfers" set payment = $4, state = $5',
      'update "exprsn_payment_transfers" set payment = $4, state = substr($5, 1, 0) || state',
    ),
}
