import Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { stripeFailure } from './stripe-failure.ts'

const { errors } = Stripe
const raw = (fields: object) => ({ message: 'It went wrong.', type: 'api_error', ...fields }) as never

describe('stripeFailure', () => {
  it.each([
    ['fault: a 500', new errors.StripeAPIError(raw({ statusCode: 500 }))],
    [
      'fault: a 409 while another request holds the key',
      new errors.StripeAPIError(raw({ statusCode: 409, code: 'lock_timeout' })),
    ],
    ['a lost connection', new errors.StripeConnectionError(raw({ detail: { code: 'ECONNRESET' } }))],
    ['a timeout', new errors.StripeConnectionError(raw({ detail: { code: 'ETIMEDOUT' } }))],
    ['an error of its own', new TypeError('x is not a function')],
    ['no error at all', {}],
  ])('%s leaves open what happened', (_, error) => {
    expect(stripeFailure(error)).toMatchObject({ kind: 'unknown', error: { code: 'PAYMENTS_GATEWAY_UNAVAILABLE' } })
  })

  it.each([
    ['fault: a 429', new errors.StripeRateLimitError(raw({ statusCode: 429 })), 'PAYMENTS_GATEWAY_RATE_LIMITED'],
    ['a wrong key', new errors.StripeAuthenticationError(raw({})), 'PAYMENTS_GATEWAY_CREDENTIALS_REFUSED'],
    ['a key without the right', new errors.StripePermissionError(raw({})), 'PAYMENTS_GATEWAY_CREDENTIALS_REFUSED'],
    ['fault: an idempotency conflict', new errors.StripeIdempotencyError(raw({})), 'PAYMENTS_GATEWAY_KEY_REUSED'],
    [
      'a refused connection',
      new errors.StripeConnectionError(raw({ detail: { code: 'ECONNREFUSED' } })),
      'PAYMENTS_GATEWAY_UNREACHABLE',
    ],
    [
      'an unknown parameter',
      new errors.StripeInvalidRequestError(raw({ code: 'parameter_unknown' })),
      'PAYMENTS_GATEWAY_REQUEST_REFUSED',
    ],
  ])('%s certainly did nothing', (_, error, code) => {
    expect(stripeFailure(error, 'k')).toMatchObject({ kind: 'fault', error: { code } })
  })

  it.each([
    ['charge_already_refunded', 'already_done'],
    ['amount_too_large', 'amount_too_large'],
    ['payment_intent_unexpected_state', 'wrong_state'],
    ['balance_insufficient', 'insufficient_balance'],
    ['resource_missing', 'not_found'],
  ])('%s is a refusal: %s', (code, reason) => {
    const error = new errors.StripeInvalidRequestError(raw({ code }))
    expect(stripeFailure(error)).toMatchObject({ kind: 'refused', refusal: { reason, code } })
  })

  it('keeps declines apart', () => {
    const error = new errors.StripeCardError(raw({ code: 'card_declined', decline_code: 'lost_card' }))
    expect(stripeFailure(error)).toMatchObject({ kind: 'declined', error: { decline_code: 'lost_card' } })
  })
})
