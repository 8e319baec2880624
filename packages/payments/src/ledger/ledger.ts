import type { MigrationSet, Queryable } from '@exprsn/core/database'
import type { AccountBalance, LedgerAccount } from './account.ts'
import type { JournalLine, LedgerEntry, PostOutcome } from './entry.ts'
import type { TrialBalance } from './trial-balance.ts'
import type { LedgerReport, VerifyLedgerOptions } from './verify-ledger.ts'

/** Options of everything that writes. */
export interface LedgerWriteOptions {
  /**
   * The transaction to be part of, perhaps the host's own (see `fromKysely` and its kin). It holds the journal's lock until
   * it ends, so post late in it. @default one of its own, shared with whoever posts at the same time
   */
  readonly tx?: Queryable | undefined
}

/** Which lines to read. */
export interface StatementQuery {
  /** Lines after this place in the journal. @default 0 */
  readonly after?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** A line of one account, with the balance after it. */
export interface StatementLine {
  readonly line: JournalLine
  /** Signed: positive when the account's balance grew. Zero for reservations. */
  readonly change: bigint
  /** The account's balance after this line, counted from `after`. */
  readonly balance: bigint
}

/** Double-entry books. See {@link createLedger}. */
export interface Ledger {
  /** Its tables: `migrate(database, [ledger.migrations])`. */
  readonly migrations: MigrationSet

  /**
   * Opens accounts that are not open yet.
   *
   * @throws `PAYMENTS_LEDGER_ACCOUNT_INVALID`, also when one is open with another currency, kind or limit
   */
  openAccounts(accounts: readonly LedgerAccount[], options?: LedgerWriteOptions): Promise<void>
  /**
   * Posts one entry, or says why the books refuse it.
   *
   * @throws `PAYMENTS_LEDGER_ENTRY_INVALID`; when the database fails, post again: what was posted is `exists` then
   */
  post(entry: LedgerEntry, options?: LedgerWriteOptions): Promise<PostOutcome>
  /** Posts entries in one transaction, each decided for itself and in order. */
  postAll(entries: readonly LedgerEntry[], options?: LedgerWriteOptions): Promise<readonly PostOutcome[]>
  /**
   * Posts the opposite of an entry, once. Reservations that it made must be settled; a posted one is reversed by what was
   * posted.
   */
  reverse(
    entry: string,
    reversal: Pick<LedgerEntry, 'id' | 'description' | 'occurredAt'>,
    options?: LedgerWriteOptions,
  ): Promise<PostOutcome>

  /** @throws `PAYMENTS_LEDGER_ACCOUNT_UNKNOWN` */
  account(code: string, options?: LedgerWriteOptions): Promise<AccountBalance>
  /** Every account, by code. */
  accounts(options?: { readonly signal?: AbortSignal | undefined }): AsyncIterable<AccountBalance>
  /** The lines of an entry; empty when there is none. */
  entry(id: string, options?: LedgerWriteOptions): Promise<readonly JournalLine[]>
  /** The lines of every entry with this reference, the oldest first. */
  byReference(reference: string): Promise<readonly JournalLine[]>
  /** The journal, the oldest line first. */
  journal(query?: StatementQuery): AsyncIterable<JournalLine>
  /** The lines of an account with its running balance. @throws `PAYMENTS_LEDGER_ACCOUNT_UNKNOWN` */
  statement(account: string, query?: StatementQuery): AsyncIterable<StatementLine>
  /** All balances by currency, whose sum is zero. */
  trialBalance(): Promise<TrialBalance>
  /** Reads everything and computes it again: hashes, sequence, reservations, balances, sums. */
  verify(options?: VerifyLedgerOptions): Promise<LedgerReport>
}
