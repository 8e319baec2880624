import { ExprsnError } from '@exprsn/core'
import type { DisputeSnapshot } from '../../gateway/snapshot.ts'
import { money, type Money } from '../../money/money.ts'
import { civilDate } from '../../statement/civil-date.ts'
import { CsvRows, type CsvRow } from '../../statement/csv/csv-rows.ts'
import { disputeErrors } from '../errors.ts'
import type { DisputeFileProfile } from './dispute-file-profile.ts'

const mostBytes = 50_000_000

/**
 * Reads a processor's file of chargebacks, for gateways whose API has none, such as Authorize.Net: what it gives goes to
 * `payments.importReports`. What stands in a field is text and stays text, also when a spreadsheet would take it for a formula.
 *
 * @throws `PAYMENTS_DISPUTE_FILE_INVALID`; nothing is given then
 * @example
 * ```ts
 * import { readDisputeFile } from '@exprsn/payments/dispute'
 *
 * const text = 'Case,Transaction,Amount,Status,Code,Due\nCB-1,60198,12.50,New,13.1,2026-12-01\n'
 * const [report] = readDisputeFile(text, {
 *   columns: { reference: 'Case', payment: 'Transaction', amount: 'Amount', status: 'Status', reasonCode: 'Code', dueOn: 'Due' },
 *   states: { New: 'needs_response', Won: 'won', Lost: 'lost' },
 *   currency: 'USD',
 * })
 * console.log(report?.reference, report?.networkReason) // CB-1 13.1
 * ```
 */
export function readDisputeFile(file: string | Uint8Array, profile: DisputeFileProfile): readonly DisputeSnapshot[] {
  const text = typeof file === 'string' ? file : decoded(file)
  if (text.length > mostBytes) throw invalid('line 1', `it is longer than ${mostBytes} characters`)
  const [headings, ...rows] = rowsOf(text, profile.separator ?? ',')
  if (headings === undefined) throw invalid('line 1', 'it is empty')
  const indexes = new Map(headings.fields.map((name, index) => [name.replace(/^\uFEFF/, '').trim(), index]))
  for (const name of Object.values(profile.columns))
    if (name !== undefined && !indexes.has(name)) throw invalid('line 1', `there is no column ${name.slice(0, 50)}`)
  return rows.map(({ fields, line }) => {
    if (fields.length < indexes.size) throw invalid(`line ${line}`, `${fields.length} fields of ${indexes.size}`)
    const field = (name: string | undefined): string => (name === undefined ? '' : fields[indexes.get(name)!]!.trim())
    return reportOf(field, profile, `line ${line}`)
  })
}

function reportOf(
  field: (name: string | undefined) => string,
  { columns, states, currency: fallback = '', date = 'ymd' }: DisputeFileProfile,
  place: string,
): DisputeSnapshot {
  const reference = field(columns.reference)
  const payment = field(columns.payment)
  for (const [name, value] of [
    ['reference', reference],
    ['payment', payment],
  ] as const)
    if (!/^[A-Za-z0-9][\w.:/-]{0,99}$/.test(value)) throw invalid(place, `its ${name} is none: ${value.slice(0, 30)}`)
  const status = field(columns.status)
  const state = Object.hasOwn(states, status) ? states[status] : undefined
  if (state === undefined) throw invalid(place, `the profile does not say what ${status.slice(0, 30)} means`)
  const currency = field(columns.currency) || fallback
  const amountIn = (name: string | undefined): Money | undefined => {
    const text = field(name)
    return text === '' ? undefined : amountOf(text, currency, place)
  }
  const dateIn = (name: string | undefined, time: string): Date | undefined => {
    const text = field(name)
    return text === '' ? undefined : new Date(`${dayOf(text, date, place)}T${time}Z`)
  }
  const amount = amountIn(columns.amount)
  if (amount === undefined || amount.amount <= 0n) throw invalid(place, 'its amount is not above zero')
  const nothing = { amount: 0n, currency: amount.currency }
  return {
    kind: 'dispute',
    ...{ reference, payment, state, amount },
    fee: amountIn(columns.fee),
    withdrawn: amountIn(columns.withdrawn) ?? (state === 'inquiry' || state === 'closed' ? nothing : amount),
    reinstated: amountIn(columns.reinstated) ?? (state === 'won' ? amount : nothing),
    reason: field(columns.reason) || field(columns.reasonCode) || 'unknown',
    network: field(columns.network).toLowerCase() || undefined,
    networkReason: field(columns.reasonCode) || undefined,
    openedAt: dateIn(columns.openedOn, '00:00:00.000'),
    changedAt: dateIn(columns.changedOn, '00:00:00.000'),
    evidenceDueBy: dateIn(columns.dueOn, '23:59:59.999'),
  }
}

function rowsOf(text: string, separator: string): readonly CsvRow[] {
  try {
    const rows = new CsvRows(separator)
    return [...rows.push(text), ...rows.end()]
  } catch (cause) {
    if (!ExprsnError.is(cause)) throw cause
    const { place = 'line 1', reason = '' } = cause.details as { readonly place?: string; readonly reason?: string }
    throw disputeErrors.PAYMENTS_DISPUTE_FILE_INVALID({ place, reason }, { cause })
  }
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw disputeErrors.PAYMENTS_DISPUTE_FILE_INVALID({ place: 'line 1', reason: 'it is not UTF-8' }, { cause })
  }
}

function amountOf(text: string, currency: string, place: string): Money {
  try {
    return money(text.replace(/^-/, ''), currency)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw disputeErrors.PAYMENTS_DISPUTE_FILE_INVALID({ place, reason }, { cause })
  }
}

function dayOf(text: string, order: 'ymd' | 'dmy' | 'mdy', place: string): string {
  const parts = /^(\d{1,4})[-./](\d{1,2})[-./](\d{1,4})$/.exec(text)?.slice(1)
  const at = (part: string): string => parts?.[order.indexOf(part)] ?? ''
  const day = at('y').length === 4 ? civilDate(at('y'), at('m'), at('d')) : undefined
  if (day === undefined) throw invalid(place, `no calendar has the day ${text.slice(0, 20)}`)
  return day
}

function invalid(place: string, reason: string) {
  return disputeErrors.PAYMENTS_DISPUTE_FILE_INVALID({ place, reason })
}
