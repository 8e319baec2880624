import type { Money } from '../../money/money.ts'
import { isoDate } from '../civil-date.ts'
import type { StatementBuilder } from '../statement-builder.ts'
import { leaf, parent, type ElementHandler } from './element-tree.ts'

/** What is read of a balance or an entry before it is complete. */
interface Amount {
  text: string
  currency: string
  isDebit: boolean | undefined
}

interface Entry extends Amount {
  reversal: boolean
  status: string
  bookedOn: string | undefined
  valueOn: string | undefined
  bankReference: string | undefined
  references: string[]
  texts: string[]
  information: string
  debtor: string | undefined
  creditor: string | undefined
  original: Omit<Amount, 'isDebit'> | undefined
}

/** What a reader of CAMT knows at one moment. */
export interface CamtState {
  readonly builder: StatementBuilder
  balance: Amount & { code: string }
  entry: Entry
  /** The currency that the element around says. */
  currency: string
}

/** An empty state. */
export function camtState(builder: StatementBuilder): CamtState {
  return { builder, balance: { ...emptyAmount(), code: '' }, entry: emptyEntry(), currency: '' }
}

type State = CamtState
type Handler = ElementHandler<State>

const currencyOf: Handler['open'] = (state, attributes) => {
  state.currency = attributes.find(({ local }) => local === 'Ccy')?.value ?? ''
}
const named = (take: (state: State, text: string) => void): Handler => leaf((state, text) => take(state, text.trim()))

/** A file has few days and many entries. */
const days = new Map<string, string>()

function date(take: (state: State, day: string) => void): Handler {
  const read = leaf<State>((state, text, offset) => {
    let day = days.get(text)
    if (day === undefined && (day = isoDate(text.trim())) !== undefined && text.length === 10 && days.size < 10_000)
      days.set(text, day)
    if (day === undefined) throw state.builder.invalid(offset, `${text.trim().slice(0, 40)} is no date`)
    take(state, day)
  })
  return parent<State>({ Dt: read, DtTm: read })
}

function indicator(take: (state: State, isDebit: boolean) => void): Handler {
  return leaf((state, text, offset) => {
    const word = text.trim()
    if (word !== 'CRDT' && word !== 'DBIT')
      throw state.builder.invalid(offset, `${word.slice(0, 40)} is neither CRDT nor DBIT`)
    take(state, word === 'DBIT')
  })
}

const openings = ['OPBD', 'PRCD']
const reference = named(({ entry }, text) => {
  if (text !== '' && text !== 'NOTPROVIDED' && !entry.references.includes(text)) entry.references.push(text)
})
const party = (take: (entry: Entry, name: string) => void): Handler => {
  const name = named(({ entry }, text) => take(entry, text))
  // Since version 8 the name stands within Pty.
  return parent<State>({ Nm: name, Pty: parent<State>({ Nm: name }) })
}

const balance: Handler = parent<State>(
  {
    Tp: parent<State>({ CdOrPrtry: parent<State>({ Cd: named((state, text) => (state.balance.code = text)) }) }),
    Amt: {
      open: currencyOf,
      text: (state, text) => {
        state.balance.text = text.trim()
        state.balance.currency = state.currency
      },
    },
    CdtDbtInd: indicator((state, isDebit) => (state.balance.isDebit = isDebit)),
  },
  {
    open: (state) => (state.balance = { ...emptyAmount(), code: '' }),
    close: (state, offset) => {
      const { code } = state.balance
      const head = state.builder.head(offset)
      if (openings.includes(code)) head.opening ??= amountOf(state, state.balance, offset)
      else if (code === 'CLBD') head.closing = amountOf(state, state.balance, offset)
    },
  },
)

const transaction: Handler = parent<State>({
  Refs: parent<State>({
    EndToEndId: reference,
    InstrId: reference,
    TxId: reference,
    PmtInfId: reference,
    MsgId: reference,
    MndtId: reference,
    AcctSvcrRef: reference,
    UETR: reference,
  }),
  AmtDtls: parent<State>({
    InstdAmt: parent<State>({
      Amt: {
        open: currencyOf,
        text: ({ entry, currency }, text) => (entry.original ??= { text: text.trim(), currency }),
      },
    }),
  }),
  RltdPties: parent<State>({
    Dbtr: party((entry, name) => (entry.debtor ??= name)),
    Cdtr: party((entry, name) => (entry.creditor ??= name)),
  }),
  RmtInf: parent<State>({
    Ustrd: named(({ entry }, text) => void entry.texts.push(text)),
    Strd: parent<State>({ CdtrRefInf: parent<State>({ Ref: reference }) }),
  }),
})

const entry: Handler = parent<State>(
  {
    Amt: {
      open: currencyOf,
      text: (state, text) => {
        state.entry.text = text.trim()
        state.entry.currency = state.currency
      },
    },
    CdtDbtInd: indicator((state, isDebit) => (state.entry.isDebit = isDebit)),
    RvslInd: named((state, text) => (state.entry.reversal = text === 'true' || text === '1')),
    // Since version 8 the status is a code within Sts.
    Sts: { ...parent<State>({ Cd: named((state, text) => (state.entry.status = text)) }), text: setStatus },
    BookgDt: date((state, day) => (state.entry.bookedOn = day)),
    ValDt: date((state, day) => (state.entry.valueOn = day)),
    AcctSvcrRef: named((state, text) => (state.entry.bankReference = text)),
    NtryRef: reference,
    NtryDtls: parent<State>({ TxDtls: transaction }),
    AddtlNtryInf: named((state, text) => (state.entry.information = text)),
  },
  { open: (state) => (state.entry = emptyEntry()), close: addEntry },
)

const statement: Handler = parent<State>(
  {
    Id: named((state, text) => (state.builder.head('Id').id = text)),
    ElctrncSeqNb: named((state, text) => (state.builder.head('ElctrncSeqNb').number = text)),
    CreDtTm: named((state, text) => (state.builder.head('CreDtTm').createdAt = text)),
    Acct: parent<State>({
      Id: parent<State>({ IBAN: account(), Othr: parent<State>({ Id: account() }) }),
      Ccy: named((state, text) => (state.builder.head('Ccy').currency = text)),
    }),
    Bal: balance,
    Ntry: entry,
  },
  {
    open: ({ builder }) => builder.begin({ id: '', account: '', currency: '' }),
    close: ({ builder }, offset) => builder.finish(offset),
  },
)

/** The root: CAMT.052 reports, CAMT.053 statements and CAMT.054 notifications, of any version. */
export const camtRoot: Handler = parent<State>({
  Document: parent<State>({
    BkToCstmrAcctRpt: parent<State>({ Rpt: statement }),
    BkToCstmrStmt: parent<State>({ Stmt: statement }),
    BkToCstmrDbtCdtNtfctn: parent<State>({ Ntfctn: statement }),
  }),
})

function account(): Handler {
  return named((state, text) => (state.builder.head('Acct').account = text.replaceAll(' ', '')))
}

function setStatus(state: State, text: string): void {
  const status = text.trim()
  if (status !== '') state.entry.status = status
}

function addEntry(state: State, offset: number): void {
  const { builder } = state
  const { entry: read } = state
  if (read.status === 'INFO') return
  const amount = amountOf(state, read, offset)
  // Pending entries have no booking date yet.
  const bookedOn = read.bookedOn ?? read.valueOn
  if (bookedOn === undefined) throw builder.invalid(offset, 'an entry without a date')
  const { original, debtor, creditor } = read
  const isForeign = original !== undefined && original.currency !== '' && original.currency !== amount.currency
  builder.entry(
    {
      bookedOn,
      valueOn: read.valueOn ?? bookedOn,
      amount,
      status: read.status === 'PDNG' ? 'pending' : 'booked',
      reversal: read.reversal,
      bankReference: read.bankReference,
      references: read.references,
      text: read.texts.length === 0 ? read.information : read.texts.join(' '),
      // Of a reversal the parties are those of the original: what comes back came from the creditor.
      counterparty: amount.amount >= 0n === !read.reversal ? debtor : creditor,
      original: isForeign ? builder.money(original.text, original.currency, amount.amount < 0n, offset) : undefined,
    },
    offset,
  )
}

function amountOf({ builder }: State, { text, currency, isDebit }: Amount, offset: number): Money {
  if (isDebit === undefined) throw builder.invalid(offset, 'it does not say whether it is credit or debit')
  if (text.startsWith('-')) throw builder.invalid(offset, 'an amount below zero')
  return builder.money(text, currency, isDebit, offset)
}

function emptyAmount(): Amount {
  return { text: '', currency: '', isDebit: undefined }
}

function emptyEntry(): Entry {
  return {
    ...emptyAmount(),
    ...{ reversal: false, status: '', references: [], texts: [], information: '' },
    ...{ bookedOn: undefined, valueOn: undefined, bankReference: undefined },
    ...{ debtor: undefined, creditor: undefined, original: undefined },
  }
}
