import { integerOf, metadataOf, textOf } from './check-parameters.ts'
import type { StripeCall, StripeEndpoint } from './endpoint.ts'
import { listPage, listParameters } from './list-page.ts'
import { attachMethod, useMethod } from './method-endpoints.ts'
import { confirmIntent, takeMoney } from './payment-flow.ts'
import { renderIntent } from './render.ts'
import type { IntentRecord } from './stripe-objects.ts'
import { type StripeRefusal, invalidParameter, missingObject, wrongState } from './stripe-refusal.ts'

/** `/v1/payment_intents`, after the types of the stripe package and docs.stripe.com/api/payment_intents. */
export const intentEndpoints: readonly StripeEndpoint[] = [
  {
    route: 'POST /v1/payment_intents',
    parameters: {
      'amount!': 'integer',
      'currency!': 'currency',
      automatic_payment_methods: 'object',
      capture_method: ['automatic', 'automatic_async', 'manual'],
      confirm: 'boolean',
      customer: 'text',
      description: 'text',
      off_session: 'boolean',
      payment_method: 'text',
      payment_method_options: 'object',
      payment_method_types: 'list',
      return_url: 'text',
      setup_future_usage: ['off_session', 'on_session'],
      statement_descriptor: 'text',
      statement_descriptor_suffix: 'text',
    },
    run: createIntent,
  },
  {
    route: 'GET /v1/payment_intents/:id',
    parameters: {},
    run: (call) => renderIntent(call.account, intentOf(call), call.expand),
  },
  {
    route: 'GET /v1/payment_intents',
    parameters: { ...listParameters, customer: 'text' },
    run: ({ account, parameters, expand }) => {
      const customer = textOf(parameters, 'customer')
      const intents = [...account.intents.values()].filter(
        (intent) => customer === undefined || intent.customer === customer,
      )
      return listPage(intents, parameters, (intent) => renderIntent(account, intent, expand))
    },
  },
  {
    route: 'POST /v1/payment_intents/:id/confirm',
    parameters: { payment_method: 'text', return_url: 'text', off_session: 'boolean' },
    run: confirm,
  },
  {
    route: 'POST /v1/payment_intents/:id/capture',
    parameters: { amount_to_capture: 'integer', final_capture: 'boolean', statement_descriptor: 'text' },
    run: capture,
  },
  {
    route: 'POST /v1/payment_intents/:id/cancel',
    parameters: { cancellation_reason: ['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer'] },
    run: cancel,
  },
]

function createIntent({ account, parameters, expand }: StripeCall): unknown {
  const amount = integerOf(parameters, 'amount')!
  const currency = textOf(parameters, 'currency')!
  checkAmount(amount, currency)
  const customer = textOf(parameters, 'customer')
  if (customer !== undefined && !account.customers.has(customer)) throw missingObject('customer', customer, 'customer')
  if (textOf(parameters, 'return_url') !== undefined && textOf(parameters, 'confirm') !== 'true')
    throw invalidParameter('parameter_invalid', 'return_url', 'return_url is only allowed together with confirm.')
  const token = textOf(parameters, 'payment_method')
  const options = parameters['payment_method_options']
  const intent: IntentRecord = {
    id: account.createId('pi'),
    createdAt: account.clock.now(),
    currency,
    amount,
    captureMethod: textOf(parameters, 'capture_method') === 'manual' ? 'manual' : 'automatic',
    multicapture: JSON.stringify(options ?? '').includes('"request_multicapture":"if_available"'),
    status: 'requires_payment_method',
    capturable: 0,
    received: 0,
    metadata: metadataOf(parameters),
    description: textOf(parameters, 'description'),
    customer,
    returnUrl: textOf(parameters, 'return_url'),
    keepMethod: textOf(parameters, 'setup_future_usage') !== undefined,
    method: token === undefined ? undefined : useMethod(account, token, customer),
    charge: undefined,
    cancellationReason: undefined,
    canceledAt: undefined,
    lastError: undefined,
  }
  account.intents.set(intent.id, intent)
  account.emitIntent('payment_intent.created', intent)
  if (textOf(parameters, 'confirm') === 'true')
    confirmIntent(account, intent, { offSession: textOf(parameters, 'off_session') === 'true' })
  if (intent.keepMethod && customer !== undefined && intent.status !== 'requires_payment_method')
    attachMethod(account, intent.method!, customer)
  return renderIntent(account, intent, expand)
}

/** The smallest charge is about half a dollar, the largest has eight digits (docs.stripe.com/currencies). */
function checkAmount(amount: number, currency: string): void {
  if (amount < 1)
    throw invalidParameter('parameter_invalid_integer', 'amount', 'This value must be greater than or equal to 1.')
  if (amount > 99_999_999 && currency !== 'idr')
    throw invalidParameter('amount_too_large', 'amount', 'Amount must be no more than 999,999.99.')
  if (amount < 50 && (currency === 'usd' || currency === 'eur'))
    throw invalidParameter('amount_too_small', 'amount', 'Amount must be at least 50 cents.')
}

function confirm(call: StripeCall): unknown {
  const intent = intentOf(call)
  if (intent.status !== 'requires_payment_method' && intent.status !== 'requires_action')
    throw unexpectedState(intent, 'confirm')
  const token = textOf(call.parameters, 'payment_method')
  if (token !== undefined) intent.method = useMethod(call.account, token, intent.customer)
  confirmIntent(call.account, intent, { offSession: textOf(call.parameters, 'off_session') === 'true' })
  return renderIntent(call.account, intent, call.expand)
}

function capture(call: StripeCall): unknown {
  const { account, parameters } = call
  const intent = intentOf(call)
  if (intent.status !== 'requires_capture') throw unexpectedState(intent, 'capture')
  const amount = integerOf(parameters, 'amount_to_capture') ?? intent.capturable
  const final = textOf(parameters, 'final_capture') !== 'false'
  if (amount > intent.capturable)
    throw wrongState(
      'amount_too_large',
      `The amount to capture (${amount}) is more than is capturable (${intent.capturable}).`,
    )
  if (!final && !intent.multicapture)
    throw invalidParameter(
      'parameter_invalid',
      'final_capture',
      'Multicapture was not requested for this PaymentIntent.',
    )
  Object.assign(intent.metadata, metadataOf(parameters))
  const charge = account.charges.get(intent.charge!)!
  takeMoney(account, intent, charge, amount, final)
  account.emitCharge('charge.captured', charge)
  return renderIntent(account, intent, call.expand)
}

function cancel(call: StripeCall): unknown {
  const { account } = call
  const intent = intentOf(call)
  if (intent.status === 'succeeded' || intent.status === 'canceled' || intent.status === 'processing')
    throw unexpectedState(intent, 'cancel')
  // After a capture in part, cancelling ends the reservation of the rest, and the intent stays paid.
  if (intent.received > 0) Object.assign(intent, { capturable: 0, status: 'succeeded' })
  else {
    Object.assign(intent, {
      capturable: 0,
      status: 'canceled',
      cancellationReason: textOf(call.parameters, 'cancellation_reason'),
      canceledAt: account.clock.now(),
    })
    account.emitIntent('payment_intent.canceled', intent)
  }
  return renderIntent(account, intent, call.expand)
}

function intentOf({ account, ids }: StripeCall): IntentRecord {
  const intent = account.intents.get(ids[0]!)
  if (intent === undefined) throw missingObject('payment_intent', ids[0]!, 'intent')
  return intent
}

function unexpectedState(intent: IntentRecord, operation: string): StripeRefusal {
  return wrongState(
    'payment_intent_unexpected_state',
    `You cannot ${operation} this PaymentIntent because it has a status of ${intent.status}.`,
  )
}
