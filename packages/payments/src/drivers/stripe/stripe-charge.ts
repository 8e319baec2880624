import type { ChargeCommand } from '../../gateway/command.ts'
import { toStripeAmount } from './stripe-amount.ts'
import { commandMetadata } from './stripe-metadata.ts'
import { intentExpansion } from './stripe-snapshot.ts'
import type { StripeChargeParameters } from './stripe-types.ts'

/** The parameters of a PaymentIntent; the order of names is fixed, so that a repeated command is the same request. */
export function chargeParameters(command: ChargeCommand): StripeChargeParameters {
  const { key, amount, method, order, description, customer, returnUrl } = command
  const { capture = 'now', offSession = false, saveMethod = false } = command
  const confirm = method.kind !== 'redirect'
  const owner = method.kind === 'saved' ? (method.customer ?? customer) : customer
  return {
    amount: toStripeAmount(amount),
    currency: amount.currency.toLowerCase(),
    automatic_payment_methods: {
      enabled: true,
      allow_redirects: returnUrl === undefined && confirm ? 'never' : 'always',
    },
    capture_method: capture === 'later' ? 'manual' : 'automatic',
    ...(capture === 'later' ? { payment_method_options: { card: { request_multicapture: 'if_available' } } } : {}),
    ...(confirm ? { confirm: true, payment_method: method.kind === 'token' ? method.token : method.reference } : {}),
    ...(confirm && returnUrl !== undefined ? { return_url: returnUrl } : {}),
    ...(owner === undefined ? {} : { customer: owner }),
    ...(description === undefined ? {} : { description }),
    ...(offSession ? { off_session: true } : {}),
    ...(saveMethod ? { setup_future_usage: 'off_session' } : {}),
    metadata: commandMetadata(key, order),
    expand: [...intentExpansion],
  }
}
