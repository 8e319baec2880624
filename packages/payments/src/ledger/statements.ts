import type { MigrationNames, Queryable } from '@exprsn/core/database'

/** The texts of every statement of the ledger, written once so that prepared statements are found again. */
export type LedgerStatements = ReturnType<typeof ledgerStatements>

/** Lists go as one JSON text: a statement per batch, whatever its size. */
export function ledgerStatements(dialect: Queryable['dialect'], names: MigrationNames) {
  const accounts = names.table('ledger_accounts')
  const lines = names.table('ledger_lines')
  const head = names.table('ledger_head')
  const postgres = dialect === 'postgres'
  const texts = (at: string): string =>
    postgres ? `select json_array_elements_text(cast(${at} as json))` : `select value from json_each(${at})`
  const rows = (at: string): string =>
    postgres ? `jsonb_array_elements(cast(${at} as jsonb)) as each(value)` : `json_each(${at}) as each`
  const whole = (place: number): string => `cast(each.value ->> ${place} as bigint)`
  const lineColumns = `l.sequence, l.entry, l.line, l.lines, l.kind, d.code as debit, c.code as credit, d.currency,
    l.amount, l.reserve, l.reverses, l.description, l.reference, l.occurred_at, l.recorded_at, l.hash`
  const joined = `${lines} as l join ${accounts} as d on d.number = l.debit join ${accounts} as c on c.number = l.credit`
  return {
    lock: `select sequence, hash from ${head} where id = 1 ${postgres ? 'for update' : ''}`,
    head: `select sequence, hash from ${head} where id = 1`,
    moveHead: `update ${head} set sequence = $1, hash = $2 where id = 1`,
    accounts: `select * from ${accounts} where code in (${texts('$1')})`,
    allAccounts: `select * from ${accounts} where code > $1 order by code ${postgres ? 'collate "C"' : ''} limit $2`,
    openAccount: `insert into ${accounts} (number, code, currency, kind, limited)
      select coalesce(max(number), 0) + 1, $1, $2, $3, $4 from ${accounts} where true on conflict (code) do nothing`,
    entries: `select ${lineColumns} from ${joined} where l.entry in (${texts('$1')}) order by l.sequence`,
    reserves: `select ${lineColumns}, (select count(*) from ${lines} as s where s.reserve = l.sequence) as settled
      from ${joined} where l.kind = 'reserve' and l.entry in (${texts('$1')})`,
    reversed: `select reverses, entry from ${lines} where line = 1 and reverses in (${texts('$1')})`,
    insertLines: `insert into ${lines} (sequence, entry, line, lines, kind, debit, credit, amount, reserve, reverses,
        description, reference, occurred_at, recorded_at, hash)
      select ${whole(0)}, each.value ->> 1, ${whole(2)}, ${whole(3)}, each.value ->> 4, ${whole(5)}, ${whole(6)}, ${whole(7)},
        ${whole(8)}, each.value ->> 9, each.value ->> 10, each.value ->> 11, ${whole(12)}, ${whole(13)}, each.value ->> 14
      from ${rows('$1')}`,
    updateAccounts: `update ${accounts} set debits = ${whole(1)}, credits = ${whole(2)}, reserved_debits = ${whole(3)},
        reserved_credits = ${whole(4)} from ${rows('$1')} where number = ${whole(0)}`,
    journal: `select ${lineColumns} from ${joined} where l.sequence > $1 order by l.sequence limit $2`,
    ofAccount: `select ${lineColumns} from ${joined} where l.sequence > $1 and (d.code = $2 or c.code = $2)
      order by l.sequence limit $3`,
    byReference: `select ${lineColumns} from ${joined} where l.reference = $1 and l.reference <> '' order by l.sequence`,
    countLines: `select count(*) as count from ${lines}`,
  }
}
