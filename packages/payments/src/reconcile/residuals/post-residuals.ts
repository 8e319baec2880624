import type { JournalLine, LedgerEntry } from '../../ledger/entry.ts'
import type { Ledger } from '../../ledger/ledger.ts'
import { reconcileErrors } from '../errors.ts'
import type { ReconcileReport } from '../report.ts'
import { residualsOf, type Residual } from './residuals-of.ts'

/** Between which accounts a residual moves. */
export interface ResidualAccounts {
  /** Where the rest stands now: what is still owed by the gateway, or on its way to the bank. */
  readonly clearing: string
  /** Where it ends: differences of exchange, of rounding, fees. */
  readonly difference: string
}

/** Options of {@link postResiduals}. */
export interface PostResidualsOptions {
  /** The host's books. */
  readonly ledger: Ledger
  /** What was matched. */
  readonly report: Pick<ReconcileReport, 'matches'>
  /** What is reconciled, such as `2026-11`: entries of others are left alone. 1 to 100 letters, digits and `.:_-`. */
  readonly period: string
  /** The accounts of a residual, which must be open; undefined for one that is not posted. */
  readonly accounts: (residual: Residual) => ResidualAccounts | undefined
  /** When it happened, for the books. @default now */
  readonly occurredAt?: Date | undefined
}

/** What became of residuals. */
export interface ResidualsReport {
  /** Names of entries that are new. */
  readonly posted: readonly string[]
  /** Names of entries that were there already. */
  readonly known: readonly string[]
  /** Names of entries whose match is gone, and that were reversed therefore. */
  readonly reversed: readonly string[]
  /** What the books refuse, and why. */
  readonly refused: readonly { readonly entry: string; readonly reason: string }[]
}

/**
 * Posts what matches leave – differences of exchange, of rounding, within a tolerance – so that the accounts that were reconciled
 * end at what is truly open. As often as you like: what was posted stays, and what a later report no longer says, because a
 * statement was corrected or a match reopened, is reversed.
 *
 * @throws `PAYMENTS_RECONCILE_INPUT_INVALID`, what the ledger throws; then call it again
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { createLedger } from '@exprsn/payments/ledger'
 * import { postResiduals, reconcile } from '@exprsn/payments/reconcile'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * const ledger = createLedger({ database })
 * await migrate(database, [ledger.migrations])
 * await ledger.openAccounts([
 *   { code: 'assets:stripe:EUR', currency: 'EUR', kind: 'asset' },
 *   { code: 'expenses:differences:EUR', currency: 'EUR', kind: 'expense' },
 * ])
 * const [euros, occurredAt] = [(amount: bigint) => ({ amount, currency: 'EUR' }), new Date('2026-11-18')]
 * const report = reconcile({
 *   ours: [{ id: 'A-1', kind: 'charge', amount: euros(4_990n), occurredAt, keys: ['ch_1'] }],
 *   settlements: {
 *     stripe: [
 *       { ...{ reference: 'txn_1', kind: 'charge', gross: euros(4_988n), fee: euros(0n), net: euros(4_988n) }, occurredAt, source: 'ch_1' },
 *     ],
 *   },
 *   statements: [],
 *   rules: { tolerance: { EUR: 5n } },
 * })
 * const accounts = () => ({ clearing: 'assets:stripe:EUR', difference: 'expenses:differences:EUR' })
 * const { posted } = await postResiduals({ ledger, report, period: '2026-11', accounts })
 * console.log(posted.length, (await ledger.account('expenses:differences:EUR')).balance) // 1 2n
 * ```
 */
export async function postResiduals(options: PostResidualsOptions): Promise<ResidualsReport> {
  const { ledger, report, period, accounts, occurredAt } = options
  if (!/^[\w.:-]{1,100}$/.test(period))
    throw reconcileErrors.PAYMENTS_RECONCILE_INPUT_INVALID({
      ...{ id: String(period).slice(0, 100), field: 'period', reason: 'is not 1 to 100 letters, digits and .:_-' },
    })
  const reference = `residuals:${period}`
  const before = standing(await ledger.byReference(reference))
  const known: string[] = []
  const entries: LedgerEntry[] = []
  const wanted = new Set<string>()
  for (const residual of residualsOf(report.matches)) {
    const between = accounts(residual)
    if (between === undefined) continue
    const name = `${reference}:${residual.match}:${residual.amount.currency}`
    const line = lineOf(residual, between)
    const found = before.get(name)
    if (found?.live !== undefined && isSame(found.live, line)) {
      known.push(found.live.entry)
      wanted.add(found.live.entry)
      continue
    }
    const description = `What ${residual.match} leaves, by the rule ${residual.rule}`
    // What was reversed is never posted again under the same name.
    entries.push({ id: `${name}#${(found?.count ?? 0) + 1}`, lines: [line], description, reference, occurredAt })
  }
  const refused: ResidualsReport['refused'][number][] = []
  const reversed: string[] = []
  for (const { live } of before.values()) {
    if (live === undefined || wanted.has(live.entry)) continue
    const outcome = await ledger.reverse(live.entry, { id: `${live.entry}/reversed`, occurredAt })
    if (outcome.status === 'refused') refused.push({ entry: live.entry, reason: outcome.reason })
    else reversed.push(live.entry)
  }
  const posted: string[] = []
  const outcomes = entries.length === 0 ? [] : await ledger.postAll(entries)
  for (const [at, outcome] of outcomes.entries()) {
    const { id } = entries[at]!
    if (outcome.status === 'refused') refused.push({ entry: id, reason: outcome.reason })
    else (outcome.status === 'posted' ? posted : known).push(id)
  }
  return { posted, known, reversed, refused }
}

type Transfer = Extract<LedgerEntry['lines'][number], { readonly debit: string }>

/** Less than expected is an expense: the difference is debited. More is the other way around. */
function lineOf({ amount: { amount, currency } }: Residual, { clearing, difference }: ResidualAccounts): Transfer {
  return amount > 0n
    ? { debit: difference, credit: clearing, amount: { amount, currency } }
    : { debit: clearing, credit: difference, amount: { amount: -amount, currency } }
}

function isSame(posted: JournalLine, { debit, credit, amount }: Transfer): boolean {
  return posted.debit === debit && posted.credit === credit && posted.amount === amount.amount
}

interface Standing {
  /** How often it was posted. */
  readonly count: number
  /** The one that nothing reversed. */
  readonly live: JournalLine | undefined
}

/** What was posted before, by name. */
function standing(lines: readonly JournalLine[]): Map<string, Standing> {
  const reversed = new Set(lines.map(({ reverses }) => reverses))
  const found = new Map<string, Standing>()
  for (const line of lines) {
    if (line.reverses !== undefined) continue
    const name = line.entry.slice(0, line.entry.lastIndexOf('#'))
    const { count = 0, live } = found.get(name) ?? {}
    found.set(name, { count: count + 1, live: reversed.has(line.entry) ? live : line })
  }
  return found
}
