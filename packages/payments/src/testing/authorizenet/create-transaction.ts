import type { AuthorizeNetAccount } from './authorize-net-account.ts'
import type { TokenRecord, TransactionRecord } from './authorize-net-objects.ts'
import { AuthorizeNetRefusal, TransactionError } from './authorize-net-refusal.ts'

type Json = Readonly<Record<string, unknown>>

const tokenLifetime = 15 * 60_000
const cards = { pays: '1111', declines: '0002', held: '4242' } as const

/** What `createTransactionRequest` did, with a note where nothing new happened. */
export interface TransactionResult {
  readonly transaction: TransactionRecord
  readonly code?: string | undefined
}

/** One transaction, after AnetApiSchema.xsd and the response reason codes of developer.authorize.net. */
export function createTransaction(account: AuthorizeNetAccount, request: Json): TransactionResult {
  switch (request['transactionType']) {
    case 'authCaptureTransaction':
    case 'authOnlyTransaction':
      return sale(account, request, request['transactionType'])
    case 'priorAuthCaptureTransaction':
      return capture(account, request)
    case 'voidTransaction':
      return voidTransaction(account, request)
    case 'refundTransaction':
      return refund(account, request)
    default:
      throw new AuthorizeNetRefusal('E00013', 'Transaction type is invalid.')
  }
}

function sale(account: AuthorizeNetAccount, request: Json, type: TransactionRecord['type']): TransactionResult {
  const amount = amountOf(request['amount'])
  const { invoiceNumber, description } = orderOf(request)
  const opaque = at(request, 'payment', 'opaqueData')
  const source = opaque === undefined ? savedSource(account, request) : tokenSource(account, opaque)
  if (isDuplicate(account, request, amount, invoiceNumber, source.name))
    throw new TransactionError('11', 'A duplicate transaction has been submitted.')
  source.use()
  const { kind } = source
  const captured = type === 'authCaptureTransaction'
  const transaction: TransactionRecord = {
    id: account.createId(),
    createdAt: account.clock.now(),
    type,
    amount,
    settleAmount: captured && kind === 'pays' ? amount : 0n,
    invoiceNumber,
    description,
    refTransId: undefined,
    card: { last4: cards[kind], type: 'Visa' },
    responseCode: kind === 'pays' ? '1' : kind === 'held' ? '4' : '2',
    status:
      kind === 'declines'
        ? 'declined'
        : kind === 'held'
          ? 'FDSPendingReview'
          : captured
            ? 'capturedPendingSettlement'
            : 'authorizedPendingCapture',
    batch: undefined,
  }
  account.transactions.set(transaction.id, transaction)
  sources.set(transaction, source.name)
  if (kind !== 'declines') account.notify(captured ? 'authcapture' : 'authorization', transaction)
  return { transaction }
}

/** Which token or profile paid, for the duplicate check. */
const sources = new WeakMap<TransactionRecord, string>()

interface Source {
  readonly name: string
  readonly kind: TokenRecord['kind']
  use(): void
}

function tokenSource(account: AuthorizeNetAccount, opaque: Json): Source {
  const name = String(opaque['dataValue'])
  const token = account.tokens.get(name)
  if (opaque['dataDescriptor'] !== 'COMMON.ACCEPT.INAPP.PAYMENT' || token === undefined)
    throw new AuthorizeNetRefusal('E00114', 'Invalid OTS Token.')
  if (token.used || account.clock.now() - token.madeAt > tokenLifetime)
    throw new AuthorizeNetRefusal('E00114', 'Invalid OTS Token.')
  return { name, kind: token.kind, use: () => void (token.used = true) }
}

function savedSource(account: AuthorizeNetAccount, request: Json): Source {
  const profile = account.profiles.get(String(at(request, 'profile')?.['customerProfileId']))
  const id = String(at(request, 'profile', 'paymentProfile')?.['paymentProfileId'])
  const kind = profile?.paymentProfiles.get(id)
  if (kind === undefined) throw new AuthorizeNetRefusal('E00040', 'The record cannot be found.')
  return { name: id, kind, use: () => {} }
}

function isDuplicate(
  account: AuthorizeNetAccount,
  request: Json,
  amount: bigint,
  invoiceNumber: string | undefined,
  source: string,
): boolean {
  const window = duplicateWindow(request) * 1000
  return [...account.transactions.values()].some(
    (other) =>
      other.amount === amount &&
      other.invoiceNumber === invoiceNumber &&
      sources.get(other) === source &&
      other.status !== 'declined' &&
      account.clock.now() - other.createdAt < window,
  )
}

function duplicateWindow(request: Json): number {
  const setting = at(request, 'transactionSettings')?.['setting']
  const settings = (Array.isArray(setting) ? setting : []) as readonly Json[]
  return Number(settings.find(({ settingName }) => settingName === 'duplicateWindow')?.['settingValue'] ?? 120)
}

function capture(account: AuthorizeNetAccount, request: Json): TransactionResult {
  const transaction = referenced(account, request)
  if (transaction.status === 'capturedPendingSettlement' || transaction.status === 'settledSuccessfully')
    return { transaction, code: '311' }
  if (transaction.status !== 'authorizedPendingCapture')
    throw new TransactionError('33', 'The referenced transaction cannot be captured.')
  const amount = request['amount'] === undefined ? transaction.amount : amountOf(request['amount'])
  if (amount > transaction.amount)
    throw new TransactionError(
      '47',
      'The amount requested for settlement cannot be greater than the original amount authorized.',
    )
  Object.assign(transaction, { status: 'capturedPendingSettlement', settleAmount: amount })
  account.notify('priorAuthCapture', transaction)
  return { transaction }
}

function voidTransaction(account: AuthorizeNetAccount, request: Json): TransactionResult {
  const transaction = referenced(account, request)
  if (transaction.status === 'voided') return { transaction, code: '310' }
  const open = ['authorizedPendingCapture', 'capturedPendingSettlement', 'refundPendingSettlement', 'FDSPendingReview']
  if (!open.includes(transaction.status)) throw new TransactionError('16', 'The transaction cannot be found.')
  Object.assign(transaction, { status: 'voided', settleAmount: 0n })
  account.notify('void', transaction)
  return { transaction }
}

function refund(account: AuthorizeNetAccount, request: Json): TransactionResult {
  const original = referenced(account, request)
  const amount = amountOf(request['amount'])
  const number = textOf(at(request, 'payment', 'creditCard')?.['cardNumber'])
  if (original.status !== 'settledSuccessfully')
    throw new TransactionError('54', 'The referenced transaction does not meet the criteria for issuing a credit.')
  if (number.slice(-4) !== original.card.last4)
    throw new TransactionError('54', 'The card does not fit the referenced transaction.')
  const { invoiceNumber, description } = orderOf(request)
  const others = [...account.transactions.values()].filter(
    ({ refTransId, status }) => refTransId === original.id && status !== 'voided',
  )
  const window = duplicateWindow(request) * 1000
  if (
    others.some(
      (other) =>
        other.invoiceNumber === invoiceNumber &&
        other.amount === amount &&
        account.clock.now() - other.createdAt < window,
    )
  )
    throw new TransactionError('11', 'A duplicate transaction has been submitted.')
  const given = others.reduce((sum, { settleAmount }) => sum + settleAmount, 0n)
  if (given + amount > original.settleAmount)
    throw new TransactionError(
      '55',
      'The sum of credits against the referenced transaction would exceed original debit amount.',
    )
  const transaction: TransactionRecord = {
    id: account.createId(),
    createdAt: account.clock.now(),
    type: 'refundTransaction',
    amount,
    settleAmount: amount,
    invoiceNumber,
    description,
    refTransId: original.id,
    card: original.card,
    responseCode: '1',
    status: 'refundPendingSettlement',
    batch: undefined,
  }
  account.transactions.set(transaction.id, transaction)
  account.notify('refund', transaction)
  return { transaction }
}

function referenced(account: AuthorizeNetAccount, request: Json): TransactionRecord {
  const transaction = account.transactions.get(String(request['refTransId']))
  if (transaction === undefined) throw new TransactionError('16', 'The transaction cannot be found.')
  return transaction
}

function amountOf(value: unknown): bigint {
  const [, whole, decimals = ''] = /^(\d{1,10})(?:\.(\d{1,2}))?$/.exec(String(value)) ?? []
  if (whole === undefined) throw new AuthorizeNetRefusal('E00003', 'The amount is invalid.')
  const cents = BigInt(whole + decimals.padEnd(2, '0'))
  if (cents === 0n) throw new TransactionError('5', 'A valid amount is required.')
  return cents
}

function orderOf(request: Json): {
  readonly invoiceNumber: string | undefined
  readonly description: string | undefined
} {
  const order = at(request, 'order')
  const [invoiceNumber, description] = [order?.['invoiceNumber'], order?.['description']]
  if (typeof invoiceNumber === 'string' && invoiceNumber.length > 20)
    throw new AuthorizeNetRefusal('E00003', 'invoiceNumber is too long.')
  return {
    invoiceNumber: typeof invoiceNumber === 'string' ? invoiceNumber : undefined,
    description: typeof description === 'string' ? description : undefined,
  }
}

function at(value: Json, ...path: readonly string[]): Json | undefined {
  let here: unknown = value
  for (const name of path) here = (here as Json | undefined)?.[name]
  return here as Json | undefined
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
