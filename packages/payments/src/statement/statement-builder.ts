import { hash } from 'node:crypto'
import { money, type Money } from '../money/money.ts'
import { decimalText } from '../money/decimal-text.ts'
import type { BankEntry, BankEntryDraft } from './bank-entry.ts'
import type { StatementFormat, StatementItem, StatementSummary } from './bank-statement.ts'
import { statementErrors } from './errors.ts'

/** What is known of a statement while it is read. */
export interface StatementHead {
  id: string
  account: string
  currency: string
  number?: string | undefined
  createdAt?: string | undefined
  opening?: Money | undefined
  closing?: Money | undefined
}

/** Where in a file something stands: in words, or as an offset in bytes. */
export type Place = string | number

/** Collects what one file says, names its entries and checks the chain from opening to closing balance. */
export class StatementBuilder {
  readonly format: StatementFormat
  #items: StatementItem[] = []
  #head: StatementHead | undefined
  #drafts: BankEntryDraft[] = []
  #alike = new Map<string, number>()
  #sum = 0n
  #count = 0
  #statements = 0

  constructor(format: StatementFormat) {
    this.format = format
  }

  /** The statement that is open. @throws `PAYMENTS_STATEMENT_INVALID` at `place` when none is */
  head(place: Place): StatementHead {
    if (this.#head === undefined) throw this.invalid(place, 'there is no statement around it')
    return this.#head
  }

  get isOpen(): boolean {
    return this.#head !== undefined
  }

  begin(head: StatementHead): void {
    this.#head = head
    this.#alike = new Map()
    this.#drafts = []
    this.#sum = 0n
    this.#count = 0
  }

  /** Takes an entry; it is held back until the account is known. */
  entry(draft: BankEntryDraft, place: Place): void {
    const head = this.head(place)
    if (head.currency === '') head.currency = draft.amount.currency
    if (draft.amount.currency !== head.currency)
      throw this.invalid(place, `an entry in ${draft.amount.currency} in an account in ${head.currency}`)
    if (head.account === '') this.#drafts.push(draft)
    else {
      this.#release(head)
      this.#add(draft, head)
    }
  }

  /** Ends the statement that is open. @throws `PAYMENTS_STATEMENT_BALANCE_BROKEN` */
  finish(place: Place): void {
    const head = this.head(place)
    if (head.account === '') throw this.invalid(place, 'the statement names no account')
    if (head.currency === '') throw this.invalid(place, 'the statement names no currency')
    this.#release(head)
    const { id, account, currency, number, createdAt, opening, closing } = head
    for (const balance of [opening, closing])
      if (balance !== undefined && balance.currency !== currency)
        throw this.invalid(place, `a balance in ${balance.currency} of an account in ${currency}`)
    const sum = money(this.#sum, currency)
    if (opening !== undefined && closing !== undefined && opening.amount + this.#sum !== closing.amount)
      throw statementErrors.PAYMENTS_STATEMENT_BALANCE_BROKEN({
        statement: id === '' ? (number ?? '') : id,
        account,
        currency,
        difference: decimalText(money(closing.amount - opening.amount - this.#sum, currency)),
      })
    const balances = opening === undefined || closing === undefined ? 'unstated' : 'hold'
    const { format } = this
    const statement: StatementSummary = {
      ...{ format, id, account, currency, number, createdAt, opening, closing, sum, balances },
      count: this.#count,
    }
    this.#items.push({ kind: 'statement', statement })
    this.#head = undefined
    this.#statements++
  }

  /** What is complete so far. */
  take(): StatementItem[] {
    const items = this.#items
    this.#items = []
    return items
  }

  /** Checks that something was read and nothing is open. */
  end(place: Place): StatementItem[] {
    if (this.#head !== undefined) throw this.invalid(place, 'the file ends within a statement')
    if (this.#statements === 0) throw this.invalid(place, 'the file has no statement')
    return this.take()
  }

  invalid(place: Place, reason: string, cause?: unknown) {
    const shown = typeof place === 'number' ? `byte ${place}` : place
    return statementErrors.PAYMENTS_STATEMENT_INVALID({ format: this.format, place: shown, reason }, { cause })
  }

  /** An amount with a sign. @throws `PAYMENTS_STATEMENT_INVALID` for what the currency cannot express */
  money(text: string, currency: string, isDebit: boolean, place: Place): Money {
    try {
      const value = money(text, currency)
      return isDebit ? { amount: -value.amount, currency } : value
    } catch (cause) {
      throw this.invalid(place, cause instanceof Error ? cause.message : String(cause), cause)
    }
  }

  #release(head: StatementHead): void {
    if (this.#drafts.length === 0) return
    const drafts = this.#drafts
    this.#drafts = []
    for (const draft of drafts) this.#add(draft, head)
  }

  #add(draft: BankEntryDraft, { account }: StatementHead): void {
    const { bookedOn, status } = draft
    const digest = contentDigest(draft)
    const count = (this.#alike.get(digest) ?? 0) + 1
    this.#alike.set(digest, count)
    const id = `bank:${account}:${bookedOn}:${digest}${count === 1 ? '' : `#${count}`}`
    const entry: BankEntry = { id, account, ...draft }
    this.#items.push({ kind: 'entry', entry })
    if (status === 'booked') {
      this.#sum += draft.amount.amount
      this.#count++
    }
  }
}

function contentDigest(draft: BankEntryDraft): string {
  const { bookedOn, valueOn, amount, reversal, bankReference = '', references, text, counterparty = '' } = draft
  const parts = [bookedOn, valueOn, amount.amount, amount.currency, reversal, bankReference, text, counterparty]
  return hash('sha256', `${parts.join('\u0000')}\u0000${references.join('\u0000')}`, 'hex').slice(0, 16)
}
