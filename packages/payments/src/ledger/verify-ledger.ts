import type { AccountBalance } from './account.ts'
import type { JournalLine } from './entry.ts'
import { firstHash, lineHash } from './line-hash.ts'

/** Options of `ledger.verify()`. */
export interface VerifyLedgerOptions {
  /** Ends the verification. */
  readonly signal?: AbortSignal | undefined
  /** Called after each thousand lines. @default none */
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number }) => void) | undefined
}

/** What is wrong in the books. */
export interface LedgerFault {
  /** The line, or undefined when it is about an account or the head. */
  readonly sequence: number | undefined
  readonly fault:
    | 'hash_mismatch'
    | 'sequence_gap'
    | 'entry_incomplete'
    | 'reserve_unknown'
    | 'reserve_settled_twice'
    | 'exceeds_reserve'
    | 'currency_mismatch'
    | 'balance_mismatch'
    | 'head_mismatch'
    | 'not_balanced'
  readonly message: string
}

/** What `ledger.verify()` found. */
export interface LedgerReport {
  readonly ok: boolean
  /** Lines that were read. */
  readonly lines: number
  /** The hash of the last line: write it down elsewhere, and nobody can rewrite the books unseen. */
  readonly hash: string
  /** The first fault in the order of the journal. */
  readonly firstBad: LedgerFault | undefined
  /** At most 100. */
  readonly faults: readonly LedgerFault[]
}

interface Totals {
  debits: bigint
  credits: bigint
  reservedDebits: bigint
  reservedCredits: bigint
}

const mostFaults = 100

/** Recomputes the books from the journal alone and compares. Holds one small record per account and open reservation. */
export class LedgerVerifier {
  readonly #faults: LedgerFault[] = []
  readonly #totals = new Map<string, Totals>()
  readonly #open = new Map<number, JournalLine>()
  #hash = firstHash
  #sequence = 0
  #entry: { readonly id: string; readonly lines: number; line: number } | undefined

  get lines(): number {
    return this.#sequence
  }

  add(line: JournalLine): void {
    if (line.sequence !== this.#sequence + 1)
      this.#report(line, 'sequence_gap', `Line ${line.sequence} follows line ${this.#sequence}.`)
    this.#sequence = line.sequence
    if (lineHash(this.#hash, line) !== line.hash)
      this.#report(line, 'hash_mismatch', `Line ${line.sequence} is not what was posted.`)
    this.#hash = line.hash
    this.#checkEntry(line)
    this.#move(line)
  }

  finish(
    accounts: readonly AccountBalance[],
    head: { readonly sequence: number; readonly hash: string },
  ): LedgerReport {
    this.#checkComplete(undefined)
    if (head.sequence !== this.#sequence || head.hash !== this.#hash)
      this.#report(
        undefined,
        'head_mismatch',
        `The journal ends at line ${this.#sequence}, its head says ${head.sequence}.`,
      )
    this.#checkAccounts(accounts)
    const [firstBad] = this.#faults
    return { ok: firstBad === undefined, lines: this.#sequence, hash: this.#hash, firstBad, faults: this.#faults }
  }

  #checkEntry(line: JournalLine): void {
    if (line.line === 1) {
      this.#checkComplete(line)
      this.#entry = { id: line.entry, lines: line.lines, line: 1 }
      return
    }
    const entry = this.#entry
    if (entry?.id !== line.entry || entry.lines !== line.lines || entry.line + 1 !== line.line)
      this.#report(line, 'entry_incomplete', `Line ${line.sequence} does not continue its entry.`)
    else entry.line = line.line
  }

  #checkComplete(next: JournalLine | undefined): void {
    const entry = this.#entry
    if (entry !== undefined && entry.line !== entry.lines)
      this.#report(
        next,
        'entry_incomplete',
        `Of the entry ${entry.id} only ${entry.line} of ${entry.lines} lines are there.`,
      )
    this.#entry = undefined
  }

  #move(line: JournalLine): void {
    const [debit, credit] = [this.#totalsOf(line.debit), this.#totalsOf(line.credit)]
    if (line.kind === 'transfer' || line.kind === 'post') {
      debit.debits += line.amount
      credit.credits += line.amount
    }
    if (line.kind === 'reserve') {
      debit.reservedDebits += line.amount
      credit.reservedCredits += line.amount
      this.#open.set(line.sequence, line)
    }
    if (line.kind === 'post' || line.kind === 'release') this.#settle(line, debit, credit)
  }

  #settle(line: JournalLine, debit: Totals, credit: Totals): void {
    const reserve = this.#open.get(line.reserve ?? 0)
    if (reserve === undefined || reserve.debit !== line.debit || reserve.credit !== line.credit) {
      this.#report(line, 'reserve_unknown', `Line ${line.sequence} settles no open reservation.`)
      return
    }
    this.#open.delete(reserve.sequence)
    debit.reservedDebits -= reserve.amount
    credit.reservedCredits -= reserve.amount
    if (line.amount > reserve.amount)
      this.#report(line, 'exceeds_reserve', `Line ${line.sequence} posts more than was reserved.`)
  }

  #checkAccounts(accounts: readonly AccountBalance[]): void {
    const sums = new Map<string, bigint>()
    for (const account of accounts) {
      const { code, currency, debits, credits, reservedDebits, reservedCredits } = account
      const totals = this.#totalsOf(code)
      this.#totals.delete(code)
      if (
        totals.debits !== debits ||
        totals.credits !== credits ||
        totals.reservedDebits !== reservedDebits ||
        totals.reservedCredits !== reservedCredits
      )
        this.#report(undefined, 'balance_mismatch', `The account ${code} does not hold what its lines add up to.`)
      sums.set(currency, (sums.get(currency) ?? 0n) + debits - credits)
    }
    for (const code of this.#totals.keys())
      this.#report(undefined, 'balance_mismatch', `The account ${code} has lines and is gone.`)
    for (const [currency, sum] of sums)
      if (sum !== 0n) this.#report(undefined, 'not_balanced', `Debits and credits in ${currency} differ by ${sum}.`)
  }

  #totalsOf(code: string): Totals {
    let totals = this.#totals.get(code)
    if (totals === undefined) {
      totals = { debits: 0n, credits: 0n, reservedDebits: 0n, reservedCredits: 0n }
      this.#totals.set(code, totals)
    }
    return totals
  }

  #report(line: JournalLine | undefined, fault: LedgerFault['fault'], message: string): void {
    if (this.#faults.length < mostFaults) this.#faults.push({ sequence: line?.sequence, fault, message })
  }
}
