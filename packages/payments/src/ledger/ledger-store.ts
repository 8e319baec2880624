import type { Queryable } from '@exprsn/core/database'
import type { BookAccount, BookReserve, Books } from './books.ts'
import { reserveName, type Decision, type EntryToPost } from './decide.ts'
import type { JournalLine } from './entry.ts'
import { ledgerErrors } from './errors.ts'
import { journalLine, type AccountRow, type JournalRow } from './journal-row.ts'
import type { LedgerStatements } from './statements.ts'

interface Loaded {
  readonly books: Books
  readonly numbers: ReadonlyMap<string, number>
}

/** Takes the journal's lock and reads what these entries need. Whoever comes later waits for the end of `tx`. */
export async function loadBooks(
  tx: Queryable,
  statements: LedgerStatements,
  entries: readonly EntryToPost[],
): Promise<Loaded> {
  const [head] = (await tx.query<{ sequence: number; hash: string }>(statements.lock)).rows
  if (head === undefined) throw ledgerErrors.PAYMENTS_LEDGER_NOT_MIGRATED()
  const reserves = await loadReserves(tx, statements, entries)
  const accounts = await loadAccounts(tx, statements, codesOf(entries, reserves.values()))
  const books: Books = {
    sequence: head.sequence,
    hash: head.hash,
    accounts,
    reserves,
    entries: await loadEntries(tx, statements, entries),
    reversed: await loadReversed(tx, statements, entries),
  }
  return { books, numbers: new Map([...accounts.values()].map(({ code, number }) => [code, number])) }
}

/** Writes what was decided. */
export async function saveDecision(
  tx: Queryable,
  statements: LedgerStatements,
  { books, numbers }: Loaded,
  { lines, touched }: Decision,
): Promise<void> {
  if (lines.length === 0) return
  await tx.query(statements.insertLines, [JSON.stringify(lines.map((line) => lineValues(line, numbers)))])
  const totals = [...touched].map((account) => [
    account.number,
    String(account.debits),
    String(account.credits),
    String(account.reservedDebits),
    String(account.reservedCredits),
  ])
  await tx.query(statements.updateAccounts, [JSON.stringify(totals)])
  await tx.query(statements.moveHead, [books.sequence, books.hash])
}

function lineValues(line: JournalLine, numbers: ReadonlyMap<string, number>): unknown[] {
  return [
    line.sequence,
    line.entry,
    line.line,
    line.lines,
    line.kind,
    numbers.get(line.debit),
    numbers.get(line.credit),
    String(line.amount),
    line.reserve ?? null,
    line.reverses ?? null,
    line.description,
    line.reference,
    line.occurredAt.getTime(),
    line.recordedAt.getTime(),
    line.hash,
  ]
}

async function loadReserves(
  tx: Queryable,
  { reserves }: LedgerStatements,
  entries: readonly EntryToPost[],
): Promise<Map<string, BookReserve>> {
  const wanted = new Set<string>()
  for (const { lines } of entries)
    for (const line of lines)
      if (line.kind === 'post' || line.kind === 'release')
        wanted.add(line.reserve.slice(0, line.reserve.lastIndexOf('#')))
  if (wanted.size === 0) return new Map()
  const { rows } = await tx.query<JournalRow & { settled: number }>(reserves, [JSON.stringify([...wanted])])
  return new Map(
    rows.map(({ settled, ...row }) => {
      const { sequence, debit, credit, currency, amount, entry, line } = journalLine(row)
      return [reserveName(entry, line), { sequence, debit, credit, currency, amount, settled: settled > 0 }]
    }),
  )
}

function codesOf(entries: readonly EntryToPost[], reserves: Iterable<BookReserve>): Set<string> {
  const codes = new Set<string>()
  for (const { lines } of entries)
    for (const line of lines)
      if (line.kind !== 'post' && line.kind !== 'release') codes.add(line.debit).add(line.credit)
  for (const { debit, credit } of reserves) codes.add(debit).add(credit)
  return codes
}

async function loadAccounts(
  tx: Queryable,
  { accounts }: LedgerStatements,
  codes: ReadonlySet<string>,
): Promise<Map<string, BookAccount>> {
  const { rows } = await tx.query<AccountRow>(accounts, [JSON.stringify([...codes])])
  return new Map(rows.map((row) => [row.code, bookAccount(row)]))
}

function bookAccount(row: AccountRow): BookAccount {
  return {
    number: row.number,
    code: row.code,
    currency: row.currency,
    kind: row.kind,
    limited: row.limited === 1,
    debits: BigInt(row.debits),
    credits: BigInt(row.credits),
    reservedDebits: BigInt(row.reserved_debits),
    reservedCredits: BigInt(row.reserved_credits),
  }
}

async function loadEntries(
  tx: Queryable,
  statements: LedgerStatements,
  entries: readonly EntryToPost[],
): Promise<Map<string, JournalLine[]>> {
  const { rows } = await tx.query<JournalRow>(statements.entries, [JSON.stringify(entries.map(({ id }) => id))])
  return groupByEntry(rows.map(journalLine))
}

/** Lines by their entry, in their order. */
function groupByEntry(lines: Iterable<JournalLine>): Map<string, JournalLine[]> {
  const groups = new Map<string, JournalLine[]>()
  for (const line of lines) {
    const group = groups.get(line.entry)
    if (group === undefined) groups.set(line.entry, [line])
    else group.push(line)
  }
  return groups
}

async function loadReversed(
  tx: Queryable,
  { reversed }: LedgerStatements,
  entries: readonly EntryToPost[],
): Promise<Map<string, string>> {
  const wanted = entries.flatMap(({ reverses }) => (reverses === undefined ? [] : [reverses]))
  if (wanted.length === 0) return new Map()
  const { rows } = await tx.query<{ reverses: string; entry: string }>(reversed, [JSON.stringify(wanted)])
  return new Map(rows.map(({ reverses, entry }) => [reverses, entry]))
}
