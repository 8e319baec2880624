import { systemClock, type Clock } from '@exprsn/core'
import { tableNames, type Database, type MigrationNaming, type Queryable } from '@exprsn/core/database'
import { growsByDebits, type AccountBalance, type LedgerAccount } from './account.ts'
import { checkAccount, checkEntry } from './check-entry.ts'
import { decide, type EntryToPost } from './decide.ts'
import type { JournalLine, LedgerLine, PostOutcome } from './entry.ts'
import { ledgerErrors } from './errors.ts'
import { GroupCommit } from './group-commit.ts'
import { accountBalance, journalLine, type AccountRow, type JournalRow } from './journal-row.ts'
import { loadBooks, saveDecision } from './ledger-store.ts'
import type { Ledger, StatementLine, StatementQuery } from './ledger.ts'
import { ledgerMigrations } from './migrations.ts'
import { ledgerStatements } from './statements.ts'
import { trialBalanceOf } from './trial-balance.ts'
import { LedgerVerifier } from './verify-ledger.ts'

/** Options of {@link createLedger}. */
export interface LedgerOptions extends MigrationNaming {
  /** Where the books are kept; it stays open. */
  readonly database: Database
  /** How many entries of concurrent callers share one transaction. @default 2000 */
  readonly batch?: number | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

const page = 1_000

/**
 * Double-entry books in the host's own database, SQLite or PostgreSQL: every amount goes from one account to another, so
 * that the sum over all accounts of a currency is always zero. Lines are never changed: what was wrong is reversed. Each
 * line carries the hash of the one before, so that `verify()` finds the first that was tampered with.
 *
 * Reservations, chains of lines that stand or fall together and accounts that never go below zero work as in
 * TigerBeetle's model of accounts and transfers (docs.tigerbeetle.com, "Data modeling").
 *
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { createLedger } from '@exprsn/payments/ledger'
 * import { money } from '@exprsn/payments/money'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * const ledger = createLedger({ database })
 * await migrate(database, [ledger.migrations])
 * await ledger.openAccounts([
 *   { code: 'assets:bank:EUR', currency: 'EUR', kind: 'asset' },
 *   { code: 'income:sales:EUR', currency: 'EUR', kind: 'income' },
 * ])
 * await ledger.post({
 *   id: 'A-1001/paid',
 *   lines: [{ debit: 'assets:bank:EUR', credit: 'income:sales:EUR', amount: money('49.90', 'EUR') }],
 * })
 * console.log((await ledger.account('assets:bank:EUR')).balance) // 4990n
 * console.log((await ledger.verify()).ok) // true
 * ```
 */
export function createLedger(options: LedgerOptions): Ledger {
  const { database, batch = 2_000, clock = systemClock } = options
  const statements = ledgerStatements(database.dialect, tableNames(database.dialect, options))
  const commits = new GroupCommit<EntryToPost, PostOutcome>(
    (entries) => database.transaction((tx) => postIn(tx, entries)),
    batch,
  )

  async function postIn(tx: Queryable, entries: readonly EntryToPost[]): Promise<readonly PostOutcome[]> {
    const loaded = await loadBooks(tx, statements, entries)
    const decision = decide(loaded.books, entries, Math.floor(clock.now()))
    await saveDecision(tx, statements, loaded, decision)
    return decision.outcomes
  }

  async function postAll(
    entries: readonly EntryToPost[],
    { tx }: { readonly tx?: Queryable | undefined } = {},
  ): Promise<readonly PostOutcome[]> {
    for (const entry of entries) checkEntry(entry)
    if (entries.length === 0) return []
    return tx === undefined ? commits.add(entries) : postIn(tx, entries)
  }

  async function readEntry(id: string, tx: Queryable = database): Promise<readonly JournalLine[]> {
    const { rows } = await tx.query<JournalRow>(statements.entries, [JSON.stringify([id])])
    return rows.map(journalLine)
  }

  async function openIn(tx: Queryable, accounts: readonly LedgerAccount[]): Promise<void> {
    // Numbers are given under the journal's lock. Nearly always all of them are open.
    await tx.query(statements.lock)
    const codes = JSON.stringify(accounts.map(({ code }) => code))
    const read = async () => (await tx.query<AccountRow>(statements.accounts, [codes])).rows
    let rows = await read()
    const known = new Set(rows.map(({ code }) => code))
    const missing = accounts.filter(({ code }) => !known.has(code))
    for (const { code, currency, kind, limit = 'none' } of missing)
      await tx.query(statements.openAccount, [code, currency, kind, limit === 'never-negative'])
    if (missing.length > 0) rows = await read()
    const open = new Map(rows.map((row) => [row.code, accountBalance(row)]))
    for (const account of accounts)
      if (!isSame(account, open.get(account.code)))
        throw ledgerErrors.PAYMENTS_LEDGER_ACCOUNT_INVALID({
          account: account.code,
          reason: 'it is open with another currency, kind or limit',
        })
  }

  async function* journal({ after = 0, signal }: StatementQuery = {}): AsyncIterable<JournalLine> {
    yield* pages((place) => database.query<JournalRow>(statements.journal, [place, page], { signal }), after)
  }

  async function account(code: string, { tx = database }: { readonly tx?: Queryable | undefined } = {}) {
    const [row] = (await tx.query<AccountRow>(statements.accounts, [JSON.stringify([code])])).rows
    if (row === undefined) throw ledgerErrors.PAYMENTS_LEDGER_ACCOUNT_UNKNOWN({ account: String(code).slice(0, 100) })
    return accountBalance(row)
  }

  async function* statement(code: string, query: StatementQuery = {}): AsyncIterable<StatementLine> {
    const { kind } = await account(code)
    const { after = 0, signal } = query
    const read = (place: number) => database.query<JournalRow>(statements.ofAccount, [place, code, page], { signal })
    let balance = 0n
    for await (const line of pages(read, after)) {
      const moved = line.kind === 'transfer' || line.kind === 'post' ? line.amount : 0n
      const change = (line.debit === code) === growsByDebits(kind) ? moved : -moved
      balance += change
      yield { line, change, balance }
    }
  }

  async function* accounts({ signal }: { readonly signal?: AbortSignal | undefined } = {}) {
    let last = ''
    for (;;) {
      const { rows } = await database.query<AccountRow>(statements.allAccounts, [last, page], { signal })
      for (const row of rows) yield accountBalance(row)
      if (rows.length < page) return
      last = rows.at(-1)!.code
    }
  }

  return {
    migrations: ledgerMigrations,
    async openAccounts(wanted, { tx } = {}) {
      for (const each of wanted) checkAccount(each)
      if (wanted.length === 0) return
      await (tx === undefined ? database.transaction((own) => openIn(own, wanted)) : openIn(tx, wanted))
    },
    post: async (entry, write) => (await postAll([entry], write))[0]!,
    postAll,
    async reverse(id, reversal, write = {}) {
      const posted = await readEntry(id, write.tx)
      if (posted.length === 0) return { status: 'refused', reason: 'entry_unknown', line: 0 }
      const lines = posted.map(oppositeOf)
      const firstBad = lines.indexOf(undefined)
      if (firstBad >= 0) return { status: 'refused', reason: 'not_reversible', line: firstBad + 1 }
      const entry = {
        ...reversal,
        lines: lines as LedgerLine[],
        reference: posted[0]!.reference,
        reverses: id,
      }
      return (await postAll([entry], write))[0]!
    },
    account,
    accounts,
    entry: (id, { tx } = {}) => readEntry(id, tx),
    async byReference(reference) {
      return (await database.query<JournalRow>(statements.byReference, [reference])).rows.map(journalLine)
    },
    journal,
    statement,
    trialBalance: async () => trialBalanceOf(await collect(accounts())),
    async verify({ signal, onProgress } = {}) {
      // One transaction, so that whoever posts meanwhile is not taken for a fault.
      return database.transaction(async (tx) => {
        const [head] = (await tx.query<{ sequence: number; hash: string }>(statements.lock)).rows
        if (head === undefined) throw ledgerErrors.PAYMENTS_LEDGER_NOT_MIGRATED()
        const verifier = new LedgerVerifier()
        const read = (place: number) => tx.query<JournalRow>(statements.journal, [place, page], { signal })
        for await (const line of pages(read, 0)) {
          verifier.add(line)
          if (line.sequence % page === 0) onProgress?.({ done: line.sequence, total: head.sequence })
        }
        const { rows } = await tx.query<AccountRow>(statements.allAccounts, ['', 1_000_000_000], { signal })
        return verifier.finish(rows.map(accountBalance), head)
      })
    },
  }
}

async function* pages(
  read: (after: number) => Promise<{ readonly rows: readonly JournalRow[] }>,
  after: number,
): AsyncGenerator<JournalLine> {
  let last = after
  for (;;) {
    const { rows } = await read(last)
    for (const row of rows) yield journalLine(row)
    if (rows.length < page) return
    last = rows.at(-1)!.sequence
  }
}

/** What undoes a line; undefined for a reservation, which is released instead. */
function oppositeOf({ kind, debit, credit, amount, currency }: JournalLine): LedgerLine | undefined {
  if (kind !== 'transfer' && kind !== 'post') return undefined
  return { debit: credit, credit: debit, amount: { amount, currency } }
}

function isSame({ currency, kind, limit = 'none' }: LedgerAccount, open: AccountBalance | undefined): boolean {
  return open?.currency === currency && open.kind === kind && open.limit === limit
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = []
  for await (const item of items) list.push(item)
  return list
}
