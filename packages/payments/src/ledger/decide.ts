import { fits, mayCredit, mayDebit, type BookAccount, type BookReserve, type Books } from './books.ts'
import type { JournalLine, LedgerEntry, LedgerLine, LedgerRefusal, PostOutcome } from './entry.ts'
import { lineHash, type HashedContent } from './line-hash.ts'

/** An entry as it is to be posted; `reverses` is set by a reversal only. */
export interface EntryToPost extends LedgerEntry {
  readonly reverses?: string | undefined
}

/** What entries change. */
export interface Decision {
  readonly outcomes: readonly PostOutcome[]
  /** New lines of the journal, in order. */
  readonly lines: readonly JournalLine[]
  /** Accounts whose totals changed. */
  readonly touched: ReadonlySet<BookAccount>
}

/** Leaves the lines of an entry early; it never gets out of here. */
class Refused extends Error {
  readonly reason: LedgerRefusal
  constructor(reason: LedgerRefusal) {
    super(reason)
    this.reason = reason
  }
}

type Undo = () => void

/**
 * Decides entries one after another against the books and brings the books up to date. Pure but for the books that it is
 * given: everything that has to be read was read before.
 */
export function decide(books: Books, entries: readonly EntryToPost[], now: number): Decision {
  const lines: JournalLine[] = []
  const touched = new Set<BookAccount>()
  const outcomes = entries.map((entry) => decideEntry(books, entry, now, lines, touched))
  return { outcomes, lines, touched }
}

function decideEntry(
  books: Books,
  entry: EntryToPost,
  now: number,
  journal: JournalLine[],
  touched: Set<BookAccount>,
): PostOutcome {
  const before = books.entries.get(entry.id)
  if (before !== undefined)
    return sameContent(books, before, entry)
      ? { status: 'exists', sequence: before.at(-1)!.sequence }
      : { status: 'refused', reason: 'entry_taken', line: 0 }
  const reversal = books.reversed.get(entry.reverses ?? '')
  if (reversal !== undefined) return { status: 'refused', reason: 'already_reversed', line: 0 }
  const undo: Undo[] = []
  const changed: BookAccount[] = []
  const drafts: HashedContent[] = []
  for (const [index, line] of entry.lines.entries()) {
    try {
      drafts.push(applyLine(books, entry, line, index, now, { undo, changed }))
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      for (const step of undo.toReversed()) step()
      return { status: 'refused', reason: error.reason, line: index + 1 }
    }
  }
  return record(books, entry, drafts, { journal, changed, touched })
}

/** Gives the lines their hashes and makes them known to the entries that follow. */
function record(
  books: Books,
  entry: EntryToPost,
  drafts: readonly HashedContent[],
  { journal, changed, touched }: { journal: JournalLine[]; changed: BookAccount[]; touched: Set<BookAccount> },
): PostOutcome {
  const posted = drafts.map((draft) => {
    books.hash = lineHash(books.hash, draft)
    return { ...draft, hash: books.hash }
  })
  for (const line of posted) journal.push(line)
  books.sequence = posted.at(-1)!.sequence
  books.entries.set(entry.id, posted)
  if (entry.reverses !== undefined) books.reversed.set(entry.reverses, entry.id)
  for (const account of changed) touched.add(account)
  return { status: 'posted', sequence: books.sequence }
}

function applyLine(
  books: Books,
  entry: EntryToPost,
  line: LedgerLine,
  index: number,
  now: number,
  { undo, changed }: { readonly undo: Undo[]; readonly changed: BookAccount[] },
): HashedContent {
  const recordedAt = new Date(now)
  const common = {
    sequence: books.sequence + index + 1,
    entry: entry.id,
    line: index + 1,
    lines: entry.lines.length,
    reverses: entry.reverses,
    description: entry.description ?? '',
    reference: entry.reference ?? '',
    occurredAt: entry.occurredAt ?? recordedAt,
    recordedAt,
  }
  const change = (
    account: BookAccount,
    key: 'debits' | 'credits' | 'reservedDebits' | 'reservedCredits',
    by: bigint,
  ) => {
    account[key] += by
    changed.push(account)
    undo.push(() => (account[key] -= by))
    if (!fits(account)) throw new Refused('overflow')
  }
  if (line.kind === 'post' || line.kind === 'release') {
    const reserve = reserveOf(books, line.reserve)
    const { debit, credit, currency } = reserve
    const amount = line.kind === 'post' ? (line.amount?.amount ?? reserve.amount) : reserve.amount
    if (line.kind === 'post' && line.amount !== undefined && line.amount.currency !== currency)
      throw new Refused('currency_mismatch')
    if (amount > reserve.amount) throw new Refused('exceeds_reserve')
    reserve.settled = true
    undo.push(() => (reserve.settled = false))
    const [debited, credited] = [accountOf(books, debit), accountOf(books, credit)]
    change(debited, 'reservedDebits', -reserve.amount)
    change(credited, 'reservedCredits', -reserve.amount)
    if (line.kind === 'post') {
      change(debited, 'debits', amount)
      change(credited, 'credits', amount)
    }
    return { ...common, kind: line.kind, debit, credit, currency, amount, reserve: reserve.sequence }
  }
  const { debit, credit, amount: money } = line
  const [debited, credited] = [accountOf(books, debit), accountOf(books, credit)]
  if (debited.currency !== money.currency || credited.currency !== money.currency)
    throw new Refused('currency_mismatch')
  const { amount, currency } = money
  if (!mayDebit(debited, amount) || !mayCredit(credited, amount)) throw new Refused('limit_exceeded')
  const reserving = line.kind === 'reserve'
  change(debited, reserving ? 'reservedDebits' : 'debits', amount)
  change(credited, reserving ? 'reservedCredits' : 'credits', amount)
  if (reserving) {
    const name = reserveName(entry.id, index + 1)
    books.reserves.set(name, { sequence: common.sequence, debit, credit, currency, amount, settled: false })
    undo.push(() => books.reserves.delete(name))
  }
  return { ...common, kind: reserving ? 'reserve' : 'transfer', debit, credit, currency, amount, reserve: undefined }
}

function accountOf(books: Books, code: string): BookAccount {
  const account = books.accounts.get(code)
  if (account === undefined) throw new Refused('account_unknown')
  return account
}

function reserveOf(books: Books, name: string): BookReserve {
  const reserve = books.reserves.get(name)
  if (reserve === undefined) throw new Refused('reserve_unknown')
  if (reserve.settled) throw new Refused('reserve_settled')
  return reserve
}

/** How a reservation is named. */
export function reserveName(entry: string, line: number): string {
  return `${entry}#${line}`
}

/** Whether an entry says what was posted under its id. Times are not compared: a repetition may come later. */
function sameContent(books: Books, posted: readonly JournalLine[], entry: EntryToPost): boolean {
  return (
    posted.length === entry.lines.length &&
    posted[0]!.reverses === entry.reverses &&
    posted[0]!.description === (entry.description ?? '') &&
    posted[0]!.reference === (entry.reference ?? '') &&
    posted.every((line, index) => sameLine(books, line, entry.lines[index]!))
  )
}

function sameLine(books: Books, posted: JournalLine, line: LedgerLine): boolean {
  if (posted.kind !== (line.kind ?? 'transfer')) return false
  if (line.kind === 'post' || line.kind === 'release') {
    if (books.reserves.get(line.reserve)?.sequence !== posted.reserve) return false
    const amount = line.kind === 'post' ? line.amount : undefined
    return amount === undefined || (amount.amount === posted.amount && amount.currency === posted.currency)
  }
  return (
    line.debit === posted.debit &&
    line.credit === posted.credit &&
    line.amount.amount === posted.amount &&
    line.amount.currency === posted.currency
  )
}
