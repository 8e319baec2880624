import type { BalanceEntry } from '../simulator/balance-book.ts'
import { readAmount, writeAmount } from './paypal-amount.ts'
import {
  authorisationLifetime,
  iso,
  renderAuthorization,
  renderCapture,
  renderDispute,
  renderOrder,
  renderPayout,
  renderRefund,
  type PaypalAccount,
} from './paypal-account.ts'
import type {
  CaptureRecord,
  DisputeRecord,
  EventRecord,
  OrderRecord,
  PayoutRecord,
  RefundRecord,
} from './paypal-objects.ts'
import { invalidRequest, notFound, unprocessable } from './paypal-refusal.ts'

/** A request to an endpoint. */
export interface PaypalCall {
  readonly account: PaypalAccount
  readonly ids: readonly string[]
  readonly query: URLSearchParams
  /** The JSON body; an empty object if there is none. */
  readonly body: Readonly<Record<string, unknown>>
  readonly requestId: string | null
}

/** One method and path. */
export interface PaypalEndpoint {
  readonly route: string
  /** Gives status and body. @throws PaypalRefusal */
  readonly run: (call: PaypalCall) => readonly [number, unknown]
}

type Json = Readonly<Record<string, unknown>>

/** The endpoints, after paypal/paypal-rest-api-specifications (Apache-2.0) and the types of the server SDK. */
export const paypalEndpoints: readonly PaypalEndpoint[] = [
  { route: 'POST /v2/checkout/orders', run: createOrder },
  { route: 'GET /v2/checkout/orders/:id', run: (call) => [200, renderOrder(orderOf(call))] },
  { route: 'POST /v2/checkout/orders/:id/capture', run: captureOrder },
  { route: 'POST /v2/checkout/orders/:id/authorize', run: authorizeOrder },
  { route: 'GET /v2/payments/authorizations/:id', run: (call) => [200, renderAuthorization(authorizedOrder(call))] },
  { route: 'POST /v2/payments/authorizations/:id/capture', run: captureAuthorization },
  { route: 'POST /v2/payments/authorizations/:id/void', run: voidAuthorization },
  { route: 'GET /v2/payments/captures/:id', run: (call) => [200, renderCapture(captureOf(call))] },
  { route: 'POST /v2/payments/captures/:id/refund', run: refundCapture },
  {
    route: 'GET /v2/payments/refunds/:id',
    run: ({ account, ids }) => [200, renderRefund(found(account.refunds, ids[0]!))],
  },
  { route: 'POST /v1/payments/payouts', run: createPayout },
  {
    route: 'GET /v1/payments/payouts/:id',
    run: ({ account, ids }) => [200, renderPayout(found(account.payouts, ids[0]!))],
  },
  {
    route: 'GET /v1/customer/disputes/:id',
    run: ({ account, ids }) => [200, renderDispute(found(account.disputes, ids[0]!))],
  },
  { route: 'POST /v1/customer/disputes/:id/accept-claim', run: acceptClaim },
  { route: 'GET /v1/notifications/webhooks-events', run: listEvents },
  { route: 'GET /v1/reporting/transactions', run: listTransactions },
  { route: 'POST /v3/vault/payment-tokens', run: createToken },
  {
    route: 'DELETE /v3/vault/payment-tokens/:id',
    run: ({ account, ids }) => (account.vault.delete(found(account.vault, ids[0]!).id), [204, undefined]),
  },
]

function createOrder({ account, body, requestId }: PaypalCall): readonly [number, unknown] {
  const { intent } = body
  if (intent !== 'CAPTURE' && intent !== 'AUTHORIZE') throw invalidRequest('INVALID_PARAMETER_VALUE')
  const units = body['purchase_units']
  if (!Array.isArray(units) || units.length !== 1) throw invalidRequest('MISSING_REQUIRED_PARAMETER')
  const unit = units[0] as Json
  const { units: amount, currency } = readAmount(unit['amount'])
  if (amount === 0n) throw unprocessable('CANNOT_BE_ZERO_OR_NEGATIVE')
  const source = (body['payment_source'] ?? {}) as Json
  const card = source['card'] as Json | undefined
  const wallet = source['paypal'] as Json | undefined
  const token = textOf(card?.['single_use_token']) ?? textOf(card?.['vault_id']) ?? textOf(wallet?.['vault_id'])
  // With a payment source, the order may be completed at once, so that the key is required.
  if (token !== undefined && requestId === null) throw invalidRequest('PAYPAL_REQUEST_ID_REQUIRED')
  if (token !== undefined && !account.vault.has(token) && !token.startsWith('TOKEN-'))
    throw unprocessable('TOKEN_ID_NOT_FOUND')
  const order: OrderRecord = {
    id: account.createId(),
    createdAt: account.clock.now(),
    intent,
    amount,
    currency,
    customId: limited(unit['custom_id'], 255),
    invoiceId: limited(unit['invoice_id'], 127),
    sourceKind: card === undefined ? 'paypal' : 'card',
    returnUrl: textOf((wallet?.['experience_context'] as Json | undefined)?.['return_url']),
    status: 'PAYER_ACTION_REQUIRED',
    declines: token?.startsWith('TOKEN-DECLINES') ?? false,
    authorization: undefined,
    captures: [],
  }
  account.orders.set(order.id, order)
  if (token === undefined) return [200, renderOrder(order)]
  if (order.declines) throw unprocessable('INSTRUMENT_DECLINED')
  order.status = 'APPROVED'
  complete(account, order)
  return [201, renderOrder(order)]
}

function captureOrder({ account, ...call }: PaypalCall): readonly [number, unknown] {
  const order = found(account.orders, call.ids[0]!)
  if (order.intent !== 'CAPTURE') throw unprocessable('ACTION_DOES_NOT_MATCH_INTENT')
  if (order.status === 'COMPLETED') throw unprocessable('ORDER_ALREADY_CAPTURED')
  if (order.status !== 'APPROVED') throw unprocessable('ORDER_NOT_APPROVED')
  if (order.declines) throw unprocessable('INSTRUMENT_DECLINED')
  complete(account, order)
  return [201, renderOrder(order)]
}

function authorizeOrder({ account, ids }: PaypalCall): readonly [number, unknown] {
  const order = found(account.orders, ids[0]!)
  if (order.intent !== 'AUTHORIZE') throw unprocessable('ACTION_DOES_NOT_MATCH_INTENT')
  if (order.status === 'COMPLETED') throw unprocessable('ORDER_ALREADY_AUTHORIZED')
  if (order.status !== 'APPROVED') throw unprocessable('ORDER_NOT_APPROVED')
  if (order.declines) throw unprocessable('INSTRUMENT_DECLINED')
  complete(account, order)
  return [201, renderOrder(order)]
}

/** Takes or reserves the money of an approved order. */
function complete(account: PaypalAccount, order: OrderRecord): void {
  order.status = 'COMPLETED'
  if (order.intent === 'CAPTURE') {
    account.takeMoney(order, order.amount, { invoiceId: order.invoiceId, final: true })
    return
  }
  const now = account.clock.now()
  const expiresAt = now + authorisationLifetime
  order.authorization = { id: account.createId(), order: order.id, createdAt: now, expiresAt, status: 'CREATED' }
  account.emit('PAYMENT.AUTHORIZATION.CREATED', 'authorization', renderAuthorization(order))
}

function captureAuthorization(call: PaypalCall): readonly [number, unknown] {
  const order = authorizedOrder(call)
  const authorization = order.authorization!
  if (authorization.status === 'VOIDED') throw unprocessable('AUTHORIZATION_VOIDED')
  if (authorization.status === 'CAPTURED') throw unprocessable('AUTHORIZATION_ALREADY_CAPTURED')
  const taken = order.captures.reduce((sum, { amount }) => sum + amount, 0n)
  const asked = call.body['amount'] === undefined ? order.amount - taken : amountOf(call.body, order.currency)
  // Up to 115 % may be captured, at most 75 dollars more; this account allows no more than was authorised.
  if (taken + asked > order.amount) throw unprocessable('MAX_CAPTURE_AMOUNT_EXCEEDED')
  const final = call.body['final_capture'] === true
  const capture = call.account.takeMoney(order, asked, { invoiceId: limited(call.body['invoice_id'], 127), final })
  authorization.status = final || taken + asked === order.amount ? 'CAPTURED' : 'PARTIALLY_CAPTURED'
  return [201, renderCapture(capture)]
}

function voidAuthorization(call: PaypalCall): readonly [number, unknown] {
  const order = authorizedOrder(call)
  const authorization = order.authorization!
  if (authorization.status === 'VOIDED') throw unprocessable('PREVIOUSLY_VOIDED')
  if (authorization.status === 'CAPTURED') throw unprocessable('PREVIOUSLY_CAPTURED')
  authorization.status = 'VOIDED'
  call.account.emit('PAYMENT.AUTHORIZATION.VOIDED', 'authorization', renderAuthorization(order))
  return [200, renderAuthorization(order)]
}

function refundCapture(call: PaypalCall): readonly [number, unknown] {
  const { account, body } = call
  const capture = captureOf(call)
  if (capture.status === 'DECLINED') throw unprocessable('CAPTURE_STATUS_NOT_VALID')
  const given = capture.refunds.reduce((sum, { amount, status }) => sum + (status === 'FAILED' ? 0n : amount), 0n)
  if (given === capture.amount) throw unprocessable('CAPTURE_FULLY_REFUNDED')
  const amount = body['amount'] === undefined ? capture.amount - given : amountOf(body, capture.currency)
  if (amount === 0n) throw unprocessable('CANNOT_BE_ZERO_OR_NEGATIVE')
  if (given + amount > capture.amount) throw unprocessable('REFUND_AMOUNT_EXCEEDED')
  const refund: RefundRecord = {
    id: account.createId(),
    capture: capture.id,
    createdAt: account.clock.now(),
    amount,
    currency: capture.currency,
    customId: limited(body['custom_id'], 127),
    status: 'COMPLETED',
  }
  capture.refunds.push(refund)
  account.refunds.set(refund.id, refund)
  capture.status = given + amount === capture.amount ? 'REFUNDED' : 'PARTIALLY_REFUNDED'
  const { currency, order: payment } = capture
  account.enter({ kind: 'refund', gross: -amount, fee: 0n, currency, source: refund.id, payment })
  account.emit('PAYMENT.CAPTURE.REFUNDED', 'refund', renderRefund(refund))
  return [201, renderRefund(refund)]
}

function createPayout({ account, body }: PaypalCall): readonly [number, unknown] {
  const header = (body['sender_batch_header'] ?? {}) as Json
  const item = (body['items'] as readonly Json[] | undefined)?.[0]
  const senderBatchId = textOf(header['sender_batch_id'])
  const receiver = textOf(item?.['receiver'])
  if (senderBatchId === undefined || item === undefined || receiver === undefined)
    throw invalidRequest('MISSING_REQUIRED_PARAMETER')
  const { currency, value } = item['amount'] as { readonly currency: string; readonly value: string }
  const { units } = readAmount({ currency_code: currency, value })
  if ([...account.payouts.values()].some((payout) => payout.senderBatchId === senderBatchId))
    throw invalidRequest('DUPLICATE_REQUEST_ID')
  if (units > account.book.available(currency, account.clock.now())) throw unprocessable('INSUFFICIENT_FUNDS')
  const payout: PayoutRecord = {
    id: account.createId(),
    createdAt: account.clock.now(),
    senderBatchId,
    amount: units,
    currency,
    receiver,
    status: 'PENDING',
  }
  account.payouts.set(payout.id, payout)
  account.enter({ kind: 'payout', gross: -units, fee: 0n, currency, source: payout.id, payout: payout.id })
  return [201, renderPayout(payout)]
}

function acceptClaim({ account, ids }: PaypalCall): readonly [number, unknown] {
  const dispute = found(account.disputes, ids[0]!)
  if (dispute.status === 'RESOLVED') throw unprocessable('ACTION_NOT_ALLOWED_IN_CURRENT_DISPUTE_STATE')
  resolveDispute(account, dispute, 'ACCEPTED')
  return [200, { links: [] }]
}

/** Ends a dispute. Whoever wins gets the money back. */
export function resolveDispute(
  account: PaypalAccount,
  dispute: DisputeRecord,
  outcome: NonNullable<DisputeRecord['outcome']>,
): void {
  Object.assign(dispute, { status: 'RESOLVED', outcome, updatedAt: account.clock.now() })
  const { currency, id: source } = dispute
  const held = dispute.withdrawn - dispute.reinstated
  if (outcome === 'RESOLVED_SELLER_FAVOUR' && held > 0n) {
    account.enter({ kind: 'dispute_reversal', gross: held, fee: 0n, currency, source })
    dispute.reinstated += held
  } else if (outcome !== 'RESOLVED_SELLER_FAVOUR' && held === 0n) {
    account.enter({ kind: 'dispute', gross: -dispute.amount, fee: 0n, currency, source })
    dispute.withdrawn += dispute.amount
  }
  account.emit('CUSTOMER.DISPUTE.RESOLVED', 'dispute', renderDispute(dispute))
}

function listEvents({ account, query }: PaypalCall): readonly [number, unknown] {
  const [start, end] = [timeOf(query, 'start_time') ?? -Infinity, timeOf(query, 'end_time') ?? Infinity]
  const { items, next } = page(
    account.events.filter(({ createdAt }) => createdAt >= start && createdAt < end),
    query,
    10,
  )
  const links =
    next === undefined
      ? []
      : [{ rel: 'next', href: `https://api-m.sandbox.paypal.com/v1/notifications/webhooks-events?${next}` }]
  return [200, { events: items.map(renderEvent), count: items.length, links }]
}

export function renderEvent(event: EventRecord): unknown {
  return {
    id: event.id,
    event_version: '1.0',
    create_time: iso(event.createdAt),
    resource_type: event.resourceType,
    resource_version: '2.0',
    event_type: event.type,
    summary: event.type,
    resource: event.resource,
  }
}

const eventCodes: Readonly<Record<BalanceEntry['kind'], string>> = {
  charge: 'T0006',
  refund: 'T1107',
  refund_failure: 'T1107',
  dispute: 'T1201',
  dispute_reversal: 'T1202',
  payout: 'T0001',
  payout_failure: 'T0001',
}

function listTransactions({ account, query }: PaypalCall): readonly [number, unknown] {
  const [start, end] = [Date.parse(query.get('start_date') ?? ''), Date.parse(query.get('end_date') ?? '')]
  if (!(end - start <= 31 * 86_400_000)) throw invalidRequest('DATE_RANGE_EXCEEDS_31_DAYS')
  const entries = account.book.entries.filter(({ at }) => at >= start && at < end)
  const size = Number(query.get('page_size') ?? 100)
  const number = Number(query.get('page') ?? 1)
  return [
    200,
    {
      transaction_details: entries
        .slice((number - 1) * size, number * size)
        .map((entry) => renderEntry(account, entry)),
      page: number,
      total_items: entries.length,
      total_pages: Math.ceil(entries.length / size),
    },
  ]
}

function renderEntry(account: PaypalAccount, entry: BalanceEntry): unknown {
  const refund = account.refunds.get(entry.source)
  const capture = account.captures.get(entry.source)
  return {
    transaction_info: {
      transaction_id: entry.kind === 'dispute_reversal' ? `${entry.source}-R` : entry.source,
      transaction_event_code: eventCodes[entry.kind],
      transaction_initiation_date: iso(entry.at),
      transaction_amount: writeAmount(entry.gross, entry.currency),
      ...(entry.fee === 0n ? {} : { fee_amount: writeAmount(-entry.fee, entry.currency) }),
      transaction_status: 'S',
      ...(refund === undefined ? {} : { paypal_reference_id: refund.capture, paypal_reference_id_type: 'TXN' }),
      custom_field: refund?.customId ?? capture?.customId,
    },
  }
}

function createToken({ account, body }: PaypalCall): readonly [number, unknown] {
  const source = (body['payment_source'] ?? {}) as Json
  const token = textOf((source['token'] as Json | undefined)?.['id'])
  const customer = textOf((body['customer'] as Json | undefined)?.['id'])
  if (token === undefined || customer === undefined) throw invalidRequest('MISSING_REQUIRED_PARAMETER')
  if (!token.startsWith('TOKEN-')) throw unprocessable('TOKEN_ID_NOT_FOUND')
  const id = account.createId().toLowerCase()
  account.vault.set(id, { id, customer, sourceKind: 'card' })
  const card = { brand: 'VISA', last_digits: '4242', expiry: '2034-12' }
  return [201, { id, customer: { id: customer }, payment_source: { card } }]
}

function page<Item>(items: readonly Item[], query: URLSearchParams, defaultSize: number) {
  const size = Number(query.get('page_size') ?? defaultSize)
  const start = Number(query.get('start_index') ?? 0)
  if (start + size >= items.length) return { items: items.slice(start, start + size), next: undefined }
  const next = new URLSearchParams(query)
  next.set('start_index', String(start + size))
  return { items: items.slice(start, start + size), next }
}

function timeOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  return text === null ? undefined : Date.parse(text)
}

function orderOf({ account, ids }: PaypalCall): OrderRecord {
  return found(account.orders, ids[0]!)
}

function captureOf({ account, ids }: PaypalCall): CaptureRecord {
  return found(account.captures, ids[0]!)
}

function authorizedOrder({ account, ids }: PaypalCall): OrderRecord {
  const order = [...account.orders.values()].find(({ authorization }) => authorization?.id === ids[0])
  if (order === undefined) throw notFound()
  return order
}

function found<Record>(records: ReadonlyMap<string, Record>, id: string): Record {
  const record = records.get(id)
  if (record === undefined) throw notFound()
  return record
}

function amountOf(body: Json, currency: string): bigint {
  const amount = readAmount(body['amount'])
  if (amount.currency !== currency) throw unprocessable('CURRENCY_MISMATCH')
  return amount.units
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function limited(value: unknown, length: number): string | undefined {
  const text = textOf(value)
  if (text !== undefined && text.length > length) throw invalidRequest('INVALID_STRING_MAX_LENGTH')
  return text
}
