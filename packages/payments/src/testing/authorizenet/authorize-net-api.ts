import type { SimulatedRequest, SimulatedResponse } from '../simulator/simulated-message.ts'
import type { AuthorizeNetAccount } from './authorize-net-account.ts'
import type { NotificationRecord, TransactionRecord } from './authorize-net-objects.ts'
import { AuthorizeNetRefusal, TransactionError } from './authorize-net-refusal.ts'
import { createTransaction } from './create-transaction.ts'
import { checkOrder } from './xsd-order.ts'

type Json = Readonly<Record<string, unknown>>

interface Credentials {
  readonly apiLoginId: string
  readonly transactionKey: string
}

/** The name of a request: the only key of its body. */
export function requestName({ path, method, body }: SimulatedRequest): string {
  if (path !== '/xml/v1/request.api') return `${method} ${path}`
  const name = /^\s*\{\s*"(\w+)"/.exec(Buffer.from(body.subarray(0, 200)).toString('utf8'))?.[1] ?? 'unreadable'
  return `POST ${name}`
}

/** Answers as the one address of Authorize.Net's JSON API does, and as its REST API for notifications. */
export class AuthorizeNetApi {
  readonly #account: AuthorizeNetAccount
  readonly #credentials: Credentials

  constructor(account: AuthorizeNetAccount, credentials: Credentials) {
    this.#account = account
    this.#credentials = credentials
  }

  answer(request: SimulatedRequest): SimulatedResponse {
    this.#account.settle()
    if (request.path.startsWith('/rest/v1/notifications')) return this.#notifications(request)
    if (request.path !== '/xml/v1/request.api') return { status: 404, body: '' }
    try {
      return jsonResponse({ ...this.#run(request), messages: ok })
    } catch (error) {
      if (error instanceof AuthorizeNetRefusal) return refusalResponse(error.code, error.message)
      if (error instanceof TransactionError) return transactionErrorResponse(error)
      throw error
    }
  }

  #run({ body }: SimulatedRequest): Json {
    const [name, request] = readRequest(body)
    checkOrder(name, request)
    const { name: login, transactionKey } = (request['merchantAuthentication'] ?? {}) as Json
    if (login !== this.#credentials.apiLoginId || transactionKey !== this.#credentials.transactionKey)
      throw new AuthorizeNetRefusal('E00007', 'User authentication failed due to invalid authentication values.')
    const { refId } = request
    if (typeof refId === 'string' && refId.length > 20) throw new AuthorizeNetRefusal('E00003', 'refId is too long.')
    return { ...(refId === undefined ? {} : { refId }), ...this.#perform(name, request) }
  }

  #perform(name: string, request: Json): Json {
    const account = this.#account
    switch (name) {
      case 'createTransactionRequest': {
        const { transaction, code } = createTransaction(account, request['transactionRequest'] as Json)
        return { transactionResponse: transactionResponse(transaction, code) }
      }
      case 'getTransactionDetailsRequest':
        return { transaction: renderDetails(account, findTransaction(account, String(request['transId']))) }
      case 'getUnsettledTransactionListRequest': {
        const open = [...account.transactions.values()].filter(({ batch }) => batch === undefined)
        return renderPage(open.toReversed(), request)
      }
      case 'getSettledBatchListRequest':
        return { batchList: renderBatches(account, request) }
      case 'getTransactionListRequest': {
        const settled = [...account.transactions.values()].filter(({ batch }) => batch === request['batchId'])
        return renderPage(settled, request)
      }
      case 'createCustomerProfileRequest':
        return createProfile(account, request['profile'] as Json)
      case 'createCustomerPaymentProfileRequest':
        return createPaymentProfile(account, request)
      default:
        return deletePaymentProfile(account, request)
    }
  }

  #notifications({ path, query, headers }: SimulatedRequest): SimulatedResponse {
    const { apiLoginId, transactionKey } = this.#credentials
    const expected = `Basic ${Buffer.from(`${apiLoginId}:${transactionKey}`).toString('base64')}`
    if (headers.get('authorization') !== expected)
      return { status: 401, body: '{"status":401,"reason":"INVALID_CREDENTIALS"}' }
    const { notifications } = this.#account
    const id = path.split('/')[4]
    if (id !== undefined) {
      const notification = notifications.find((each) => each.id === id)
      return notification === undefined
        ? { status: 404, body: '' }
        : { status: 200, body: renderNotification(notification) }
    }
    const [offset, limit] = [Number(query.get('offset') ?? 0), Number(query.get('limit') ?? 100)]
    const items = notifications.slice(offset, offset + limit).map(({ id: notificationId, eventType, createdAt }) => ({
      notificationId,
      eventType,
      eventDate: new Date(createdAt).toISOString(),
      deliveryStatus: 'Delivered',
    }))
    return { status: 200, body: JSON.stringify({ notifications: items, totalCount: notifications.length }) }
  }
}

const ok = { resultCode: 'Ok', message: [{ code: 'I00001', text: 'Successful.' }] }

/** The body of a webhook. Amounts keep two decimals, which JSON written anew would lose. */
export function renderNotification({ id, eventType, createdAt, payload }: NotificationRecord): string {
  const content = {
    notificationId: id,
    eventType,
    eventDate: new Date(createdAt).toISOString(),
    webhookId: 'simulated',
    payload,
  }
  return JSON.stringify(content).replace(
    /"authAmount":([\d.]+)/,
    (_, amount: string) => `"authAmount":${Number(amount).toFixed(2)}`,
  )
}

/** An error answer; the status is 200, as with the real service. */
function refusalResponse(code: string, text: string): SimulatedResponse {
  return jsonResponse({ messages: { resultCode: 'Error', message: [{ code, text }] } })
}

function transactionErrorResponse({ code, message }: TransactionError): SimulatedResponse {
  const errors = [{ errorCode: code, errorText: message }]
  return jsonResponse({
    transactionResponse: { responseCode: '3', transId: '0', errors },
    messages: { resultCode: 'Error', message: [{ code: 'E00027', text: 'The transaction was unsuccessful.' }] },
  })
}

/** Answers begin with a byte order mark. */
function jsonResponse(body: unknown): SimulatedResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: `\uFEFF${JSON.stringify(body)}`,
  }
}

function readRequest(body: Uint8Array): readonly [string, Json] {
  try {
    const [entry] = Object.entries(JSON.parse(Buffer.from(body).toString('utf8')) as Record<string, Json>)
    if (entry !== undefined) return entry
  } catch {
    // The answer is the same.
  }
  throw new AuthorizeNetRefusal('E00003', 'The request cannot be read.')
}

function transactionResponse(
  { id, responseCode, card, refTransId }: TransactionRecord,
  code: string | undefined,
): Json {
  const declined = responseCode === '2'
  return {
    responseCode,
    authCode: declined ? '' : 'AB12CD',
    transId: id,
    refTransID: refTransId ?? '',
    accountNumber: `XXXX${card.last4}`,
    accountType: card.type,
    ...(declined
      ? { errors: [{ errorCode: '2', errorText: 'This transaction has been declined.' }] }
      : { messages: [{ code: code ?? responseCode, description: 'This transaction has been approved.' }] }),
  }
}

function renderDetails(account: AuthorizeNetAccount, transaction: TransactionRecord): Json {
  const batch = account.batches.find(({ id }) => id === transaction.batch)
  return {
    transId: transaction.id,
    ...(transaction.refTransId === undefined ? {} : { refTransId: transaction.refTransId }),
    submitTimeUTC: new Date(transaction.createdAt).toISOString(),
    transactionType: transaction.type,
    transactionStatus: transaction.status,
    responseCode: Number(transaction.responseCode),
    ...(batch === undefined
      ? {}
      : { batch: { batchId: batch.id, settlementTimeUTC: new Date(batch.settledAt).toISOString() } }),
    order: { invoiceNumber: transaction.invoiceNumber, description: transaction.description },
    authAmount: Number(transaction.amount) / 100,
    settleAmount: Number(transaction.settleAmount) / 100,
    payment: {
      creditCard: {
        cardNumber: `XXXX${transaction.card.last4}`,
        expirationDate: 'XXXX',
        cardType: transaction.card.type,
      },
    },
  }
}

function renderPage(transactions: readonly TransactionRecord[], request: Json): Json {
  const { limit = 1000, offset = 1 } = (request['paging'] ?? {}) as Json
  const [size, page] = [Number(limit), Number(offset)]
  const items = transactions.slice((page - 1) * size, page * size).map((transaction) => ({
    transId: transaction.id,
    submitTimeUTC: new Date(transaction.createdAt).toISOString(),
    transactionStatus: transaction.status,
    invoiceNumber: transaction.invoiceNumber,
    accountType: transaction.card.type,
    accountNumber: `XXXX${transaction.card.last4}`,
    settleAmount: Number(transaction.settleAmount) / 100,
  }))
  // Without any, the element is left out.
  return items.length === 0 ? { totalNumInResultSet: 0 } : { transactions: items, totalNumInResultSet: items.length }
}

function renderBatches(account: AuthorizeNetAccount, request: Json): Json[] {
  const [from, to] = [
    Date.parse(String(request['firstSettlementDate'])),
    Date.parse(String(request['lastSettlementDate'])),
  ]
  if (!(to - from <= 31 * 86_400_000)) throw new AuthorizeNetRefusal('E00003', 'The date range is longer than 31 days.')
  return account.batches
    .filter(({ settledAt }) => settledAt >= from && settledAt <= to)
    .map(({ id, settledAt }) => ({
      batchId: id,
      settlementTimeUTC: new Date(settledAt).toISOString(),
      settlementState: 'settledSuccessfully',
    }))
}

function createProfile(account: AuthorizeNetAccount, profile: Json): Json {
  const { merchantCustomerId } = profile
  if (typeof merchantCustomerId !== 'string')
    throw new AuthorizeNetRefusal('E00041', 'One or more fields must contain a value.')
  const known = [...account.profiles.values()].find((each) => each.merchantCustomerId === merchantCustomerId)
  if (known !== undefined)
    throw new AuthorizeNetRefusal('E00039', `A duplicate record with ID ${known.id} already exists.`)
  const id = account.createId()
  account.profiles.set(id, { id, merchantCustomerId, paymentProfiles: new Map() })
  return { customerProfileId: id, customerPaymentProfileIdList: [] }
}

function createPaymentProfile(account: AuthorizeNetAccount, request: Json): Json {
  const profile = account.profiles.get(String(request['customerProfileId']))
  const payment = (request['paymentProfile'] as Json)['payment'] as Json
  const token = account.tokens.get(String((payment['opaqueData'] as Json)['dataValue']))
  if (profile === undefined) throw new AuthorizeNetRefusal('E00040', 'The record cannot be found.')
  if (token === undefined || token.used) throw new AuthorizeNetRefusal('E00114', 'Invalid OTS Token.')
  token.used = true
  const id = account.createId()
  profile.paymentProfiles.set(id, token.kind)
  return { customerProfileId: profile.id, customerPaymentProfileId: id }
}

function deletePaymentProfile(account: AuthorizeNetAccount, request: Json): Json {
  const profile = account.profiles.get(String(request['customerProfileId']))
  if (profile?.paymentProfiles.delete(String(request['customerPaymentProfileId'])) !== true)
    throw new AuthorizeNetRefusal('E00040', 'The record cannot be found.')
  return {}
}

function findTransaction(account: AuthorizeNetAccount, id: string): TransactionRecord {
  const transaction = account.transactions.get(id)
  if (transaction === undefined) throw new AuthorizeNetRefusal('E00040', 'The record cannot be found.')
  return transaction
}
