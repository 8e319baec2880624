import type { Queryable } from '@exprsn/core/database'
import { currencies, currencyExponent } from '../../money/currency.ts'
import { reconcileErrors } from '../errors.ts'
import { createRows, firstInvalid } from './exact-sql.ts'
import type { MovementsTable } from './movements-table.ts'

/** Copies movements into a temporary table, amounts in minor units. @throws `PAYMENTS_RECONCILE_INPUT_INVALID` */
export async function fillRows(
  tx: Queryable,
  table: string,
  { from, values = [], columns, currency, amounts = 'decimal' }: MovementsTable,
): Promise<void> {
  if (currency !== undefined) currencyExponent(currency)
  else if (columns.currency === undefined) throw invalid(from, 'currency', 'is neither given nor has a column')
  const column = (name: string): string => `m.${quoted(name)}`
  const text = (name: string | undefined): string => (name === undefined ? `''` : `coalesce(${column(name)}::text, '')`)
  const amount = `${column(columns.amount)}::numeric`
  const source = /^\s*(select|with|values)\b/i.test(from) ? `(${from})` : from.split('.').map(quoted).join('.')
  const code = columns.currency === undefined ? `'${currency}'` : `${column(columns.currency)}::text`
  const factors = currencies.map((each) => `('${each}', ${10 ** currencyExponent(each)})`).join(', ')
  await tx.query(createRows(table))
  await tx.query(
    `insert into ${table} select ${column(columns.id)}::text, ${text(columns.key)},
      ${amounts === 'minor' ? amount : `trim_scale(${amount} * e.factor)`}, e.code,
      ${column(columns.date)}::date - date '1970-01-01', ${text(columns.group)}, ${text(columns.text)}, ${amount} < 0
    from ${source} as m left join (values ${factors}) as e (code, factor) on e.code = ${code}`,
    values,
  )
  const { rows } = await tx.query<{ id: string; field: string }>(firstInvalid(table))
  if (rows[0] !== undefined) throw invalid(rows[0].id, rows[0].field, 'is none that can be reconciled')
  // Without it, a million rows are joined as if there were a thousand.
  await tx.query(`analyze ${table}`)
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function invalid(id: string, field: string, reason: string) {
  return reconcileErrors.PAYMENTS_RECONCILE_INPUT_INVALID({ id: id.slice(0, 200), field, reason })
}
