import { integerOf, metadataOf, textOf } from './check-parameters.ts'
import type { StripeCall, StripeEndpoint } from './endpoint.ts'
import { listPage, listParameters } from './list-page.ts'
import { closeDispute } from './payment-flow.ts'
import {
  renderBalanceTransaction,
  renderCharge,
  renderDispute,
  renderEvent,
  renderPayout,
  renderRefund,
} from './render.ts'
import { payoutDelay, type StripeAccount } from './stripe-account.ts'
import type { PayoutRecord, RefundRecord } from './stripe-objects.ts'
import { invalidParameter, missingObject, wrongState } from './stripe-refusal.ts'

/** The version that events are rendered in: that of the stripe package the shapes were taken from. */
export const stripeApiVersion = '2026-10-28.endive'

/** Refunds, payouts, disputes, charges, balance transactions and events. */
export const moneyEndpoints: readonly StripeEndpoint[] = [
  {
    route: 'POST /v1/refunds',
    parameters: {
      amount: 'integer',
      charge: 'text',
      payment_intent: 'text',
      reason: ['duplicate', 'fraudulent', 'requested_by_customer'],
    },
    run: createRefund,
  },
  get(
    'GET /v1/refunds/:id',
    'refund',
    ({ refunds }) => refunds,
    (_, refund) => renderRefund(refund),
  ),
  {
    route: 'GET /v1/refunds',
    parameters: { ...listParameters, charge: 'text', payment_intent: 'text' },
    run: ({ account, parameters }) => {
      const intent = textOf(parameters, 'payment_intent')
      const refunds = [...account.refunds.values()].filter((refund) => intent === undefined || refund.intent === intent)
      return listPage(refunds, parameters, renderRefund)
    },
  },
  {
    route: 'POST /v1/payouts',
    parameters: { 'amount!': 'integer', 'currency!': 'currency', description: 'text', statement_descriptor: 'text' },
    run: createPayout,
  },
  get(
    'GET /v1/payouts/:id',
    'payout',
    ({ payouts }) => payouts,
    (_, payout) => renderPayout(payout),
  ),
  {
    route: 'GET /v1/payouts',
    parameters: listParameters,
    run: ({ account, parameters }) => listPage([...account.payouts.values()], parameters, renderPayout),
  },
  get(
    'GET /v1/charges/:id',
    'charge',
    ({ charges }) => charges,
    ({ account, expand }, charge) => renderCharge(account, charge, expand),
  ),
  get(
    'GET /v1/disputes/:id',
    'dispute',
    ({ disputes }) => disputes,
    ({ account }, dispute) => renderDispute(account, dispute),
  ),
  {
    route: 'POST /v1/disputes/:id/close',
    parameters: {},
    run: ({ account, ids }) => {
      const dispute = found(account.disputes, 'dispute', ids[0]!)
      if (['won', 'lost', 'warning_closed'].includes(dispute.status))
        throw wrongState('dispute_already_closed', 'This dispute is already closed.')
      closeDispute(account, dispute, false)
      return renderDispute(account, dispute)
    },
  },
  {
    route: 'GET /v1/balance_transactions',
    parameters: { ...listParameters, payout: 'text', type: 'text', source: 'text', currency: 'text' },
    run: ({ account, parameters, expand }) => {
      const payout = textOf(parameters, 'payout')
      const entries = account.book.entries
        .filter((entry) => payout === undefined || entry.payout === payout)
        .map((entry) => ({ ...entry, createdAt: entry.at }))
      return listPage(entries, parameters, (entry) => renderBalanceTransaction(account, entry, expand))
    },
  },
  {
    route: 'GET /v1/events',
    parameters: { ...listParameters, type: 'text', types: 'list' },
    run: ({ account, parameters }) =>
      listPage(account.events, parameters, (event) => renderEvent(event, stripeApiVersion)),
  },
]

function createRefund({ account, parameters }: StripeCall): unknown {
  const intentId = textOf(parameters, 'payment_intent')
  const chargeId = textOf(parameters, 'charge') ?? account.intents.get(intentId ?? '')?.charge
  if (intentId === undefined && chargeId === undefined)
    throw invalidParameter(
      'parameter_missing',
      'charge',
      'One of the following params should be provided: payment_intent, charge.',
    )
  if (intentId !== undefined && !account.intents.has(intentId))
    throw missingObject('payment_intent', intentId, 'payment_intent')
  const charge = account.charges.get(chargeId ?? '')
  if (charge === undefined || charge.amountCaptured === 0)
    throw wrongState('charge_not_refundable', 'This PaymentIntent does not have a successful charge to refund.')
  const left = charge.amountCaptured - charge.amountRefunded
  if (left === 0) throw wrongState('charge_already_refunded', `Charge ${charge.id} has already been refunded.`)
  if (charge.disputed)
    throw wrongState('charge_disputed', `Charge ${charge.id} has been charged back; cannot issue a refund.`)
  const amount = integerOf(parameters, 'amount') ?? left
  if (amount < 1) throw invalidParameter('parameter_invalid_integer', 'amount', 'Invalid positive integer')
  if (amount > left)
    throw wrongState(
      'amount_too_large',
      `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`,
    )
  const id = account.createId('re')
  const entry = account.enter({
    kind: 'refund',
    gross: BigInt(-amount),
    fee: 0n,
    currency: charge.currency,
    availableAt: account.clock.now(),
    source: id,
    payment: charge.intent,
  })
  const refund: RefundRecord = {
    id,
    createdAt: account.clock.now(),
    intent: charge.intent,
    charge: charge.id,
    amount,
    currency: charge.currency,
    metadata: metadataOf(parameters),
    reason: textOf(parameters, 'reason'),
    balanceTransaction: entry.id,
    status: 'succeeded',
    failureReason: undefined,
  }
  account.refunds.set(refund.id, refund)
  charge.amountRefunded += amount
  account.emitCharge('charge.refunded', charge)
  account.emitRefund('refund.created', refund)
  return renderRefund(refund)
}

function createPayout({ account, parameters }: StripeCall): unknown {
  const amount = integerOf(parameters, 'amount')!
  const currency = textOf(parameters, 'currency')!
  if (amount < 1) throw invalidParameter('parameter_invalid_integer', 'amount', 'Invalid positive integer')
  if (BigInt(amount) > account.book.available(currency, account.clock.now()))
    throw wrongState('balance_insufficient', 'You have insufficient funds in your account for this payout.')
  const options = {
    amount,
    currency,
    automatic: false,
    metadata: metadataOf(parameters),
    description: textOf(parameters, 'description'),
  }
  return renderPayout(openPayout(account, options))
}

/** Takes money out of the balance and sends it to the bank. */
export function openPayout(
  account: StripeAccount,
  options: Pick<PayoutRecord, 'amount' | 'currency' | 'automatic' | 'metadata' | 'description'>,
): PayoutRecord {
  const id = account.createId('po')
  const now = account.clock.now()
  const entry = account.enter({
    kind: 'payout',
    gross: BigInt(-options.amount),
    fee: 0n,
    currency: options.currency,
    availableAt: now,
    source: id,
  })
  entry.payout = id
  const payout: PayoutRecord = {
    ...options,
    id,
    createdAt: now,
    arrivalAt: now + payoutDelay,
    balanceTransaction: entry.id,
    status: 'in_transit',
    failureCode: undefined,
  }
  account.payouts.set(id, payout)
  account.emitPayout('payout.created', payout)
  return payout
}

function get<Record>(
  route: string,
  kind: string,
  records: (account: StripeAccount) => ReadonlyMap<string, Record>,
  render: (call: StripeCall, record: Record) => unknown,
): StripeEndpoint {
  return { route, parameters: {}, run: (call) => render(call, found(records(call.account), kind, call.ids[0]!)) }
}

function found<Record>(records: ReadonlyMap<string, Record>, kind: string, id: string): Record {
  const record = records.get(id)
  if (record === undefined) throw missingObject(kind, id)
  return record
}
