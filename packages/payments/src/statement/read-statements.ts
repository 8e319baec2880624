import { bai2Parser } from './bai2/bai2-parser.ts'
import type { BankEntry } from './bank-entry.ts'
import type { BankStatement, StatementItem } from './bank-statement.ts'
import { camtParser } from './camt/camt-parser.ts'
import type { CsvProfile } from './csv/csv-profile.ts'
import { csvParser } from './csv/csv-parser.ts'
import { detectFormat } from './detect-format.ts'
import { mt940Parser } from './mt940/mt940-parser.ts'
import { ofxParser } from './ofx/ofx-parser.ts'
import type { StatementParser } from './statement-parser.ts'

/** Bytes of a file, in one piece or many. */
export type StatementSource = Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/** Options of {@link readStatements} and {@link streamStatements}. */
export interface ReadStatementsOptions {
  /** A profile says that it is CSV. @default told by the first bytes */
  readonly format?: 'camt' | 'mt940' | 'ofx' | 'bai2' | CsvProfile | undefined
  /** Of MT940 and BAI2, whose files do not say. @default 'utf-8' */
  readonly encoding?: string | undefined
  /** Ends reading. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Reads a bank's file: CAMT.052, .053 and .054, MT940, OFX 1 and 2, BAI2, or CSV by a profile. Control totals and the chain
 * from opening to closing balance are checked.
 *
 * @throws `PAYMENTS_STATEMENT_INVALID`, `PAYMENTS_STATEMENT_BALANCE_BROKEN`, `PAYMENTS_STATEMENT_FORMAT_UNKNOWN`, for XML also
 * the errors of `@exprsn/core/bytes`
 * @example
 * ```ts
 * import { readStatements } from '@exprsn/payments/statement'
 *
 * const file = [
 *   ':20:NOV-19', ':25:DE89370400440532013000', ':28C:224/1', ':60F:C261118EUR1000,00',
 *   ':61:2611191119C4990,00NTRFNONREF//A17', ':86:STRIPE PAYOUT po_1', ':62F:C261119EUR5990,00',
 * ].join('\r\n')
 * const [statement] = await readStatements(new TextEncoder().encode(file))
 * console.log(statement?.balances, statement?.entries[0]?.amount) // hold { amount: 499000n, currency: 'EUR' }
 * ```
 */
export async function readStatements(
  source: StatementSource,
  options: ReadStatementsOptions = {},
): Promise<readonly BankStatement[]> {
  const statements: BankStatement[] = []
  let entries: BankEntry[] = []
  for await (const item of streamStatements(source, options)) {
    if (item.kind === 'entry') entries.push(item.entry)
    else {
      statements.push({ ...item.statement, entries })
      entries = []
    }
  }
  return statements
}

/**
 * As {@link readStatements}, entry by entry: memory does not grow with the file. A statement comes after its entries, when it
 * is known that they add up: keep them in a transaction until then.
 *
 * @throws as {@link readStatements}
 * @example
 * ```ts
 * import { streamStatements } from '@exprsn/payments/statement'
 *
 * const file = new TextEncoder().encode('date,amount,text\n2026-11-19,49.90,STRIPE po_1\n')
 * const format = { account: 'main', currency: 'EUR', columns: { bookedOn: 'date', amount: 'amount', text: 'text' } }
 * for await (const item of streamStatements(file, { format }))
 *   console.log(item.kind === 'entry' ? item.entry.text : item.statement.count) // STRIPE po_1, then 1
 * ```
 */
export async function* streamStatements(
  source: StatementSource,
  { format, encoding, signal }: ReadStatementsOptions = {},
): AsyncGenerator<StatementItem, void, undefined> {
  let parser: StatementParser | undefined = format === undefined ? undefined : parserOf(format, encoding)
  const first: Uint8Array[] = []
  let length = 0
  for await (const bytes of source instanceof Uint8Array ? [source] : source) {
    signal?.throwIfAborted()
    if (parser !== undefined) {
      yield* parser.push(bytes)
      continue
    }
    first.push(bytes)
    length += bytes.length
    if (length < 512) continue
    const head: Uint8Array = Buffer.concat(first)
    parser = parserOf(detectFormat(head), encoding)
    yield* parser.push(head)
  }
  if (parser === undefined) {
    const head: Uint8Array = Buffer.concat(first)
    parser = parserOf(detectFormat(head), encoding)
    yield* parser.push(head)
  }
  yield* parser.end()
}

function parserOf(format: Exclude<ReadStatementsOptions['format'], undefined>, encoding?: string): StatementParser {
  if (typeof format === 'object') return csvParser(format)
  if (format === 'camt') return camtParser()
  if (format === 'mt940') return mt940Parser(encoding)
  if (format === 'bai2') return bai2Parser(encoding)
  return ofxParser()
}
