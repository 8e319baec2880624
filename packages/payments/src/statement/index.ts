/**
 * Bank statements: CAMT, MT940, OFX, BAI2 and CSV, as streams, with their balances checked.
 *
 * @packageDocumentation
 */
export type { BankEntry } from './bank-entry.ts'
export type { BankStatement, StatementFormat, StatementItem, StatementSummary } from './bank-statement.ts'
export type { CsvProfile } from './csv/csv-profile.ts'
export { statementErrors } from './errors.ts'
export {
  readStatements,
  streamStatements,
  type ReadStatementsOptions,
  type StatementSource,
} from './read-statements.ts'
