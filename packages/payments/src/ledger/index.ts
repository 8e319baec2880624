/**
 * Double-entry books over SQLite and PostgreSQL: immutable lines, reservations, chains, limits, reversal, hash chain.
 *
 * @packageDocumentation
 */
export type { AccountBalance, AccountKind, LedgerAccount } from './account.ts'
export { createLedger, type LedgerOptions } from './create-ledger.ts'
export type { JournalLine, LedgerEntry, LedgerLine, LedgerRefusal, PostOutcome } from './entry.ts'
export { ledgerErrors } from './errors.ts'
export { beancountText } from './export/beancount.ts'
export { csvText } from './export/csv.ts'
export { ledgerCliText } from './export/ledger-cli.ts'
export type { Ledger, LedgerWriteOptions, StatementLine, StatementQuery } from './ledger.ts'
export { ledgerMigrations } from './migrations.ts'
export type { CurrencyTotals, TrialBalance } from './trial-balance.ts'
export type { LedgerFault, LedgerReport, VerifyLedgerOptions } from './verify-ledger.ts'
