import { describe, expect, it } from 'vitest'
import { gatewayErrors } from '../../gateway/errors.ts'
import { moneyErrors } from '../../money/errors.ts'
import { paypalFailure } from './paypal-failure.ts'

const answer = (statusCode: number, body: unknown) => ({ statusCode, body: JSON.stringify(body) })
const issue = (name: string) => ({ name: 'UNPROCESSABLE_ENTITY', message: 'no', details: [{ issue: name }] })

describe('what a failed call of PayPal means', () => {
  it.each([
    ['fault: a 500', answer(500, {})],
    ['fault: a 409 while another request holds the key', answer(409, { name: 'RESOURCE_CONFLICT' })],
    ['fault: a 408', answer(408, {})],
    ['half an answer', { statusCode: 503, body: '{"na' }],
    ['an answer that is no object', { statusCode: 502, body: 'null' }],
    ['a lost connection', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })],
    ['something without a word', {}],
    [
      'an answer that could not be read',
      gatewayErrors.PAYMENTS_GATEWAY_ANSWER_INVALID({ gateway: 'paypal', reason: 'x' }),
    ],
    ['an amount in it that could not be read', moneyErrors.PAYMENTS_CURRENCY_UNKNOWN({ currency: 'ZZZ' })],
  ])('%s leaves the command open', (_, cause) => {
    expect(paypalFailure(cause)).toMatchObject({ kind: 'unknown' })
  })

  it.each([
    ['fault: a 429', answer(429, { name: 'RATE_LIMIT_REACHED' }), 'PAYMENTS_GATEWAY_RATE_LIMITED'],
    ['a 401', answer(401, { name: 'AUTHENTICATION_FAILURE' }), 'PAYMENTS_GATEWAY_CREDENTIALS_REFUSED'],
    ['a 403', answer(403, { name: 'NOT_AUTHORIZED' }), 'PAYMENTS_GATEWAY_CREDENTIALS_REFUSED'],
    ['a 400', answer(400, issue('INVALID_PARAMETER_SYNTAX')), 'PAYMENTS_GATEWAY_REQUEST_REFUSED'],
    ['a 400 without a message', answer(400, {}), 'PAYMENTS_GATEWAY_REQUEST_REFUSED'],
    ['fault: an idempotency conflict', answer(422, issue('DUPLICATE_REQUEST_ID')), 'PAYMENTS_GATEWAY_KEY_REUSED'],
    ['a refused connection', { code: 'ECONNREFUSED' }, 'PAYMENTS_GATEWAY_UNREACHABLE'],
    [
      'too many requests of our own',
      gatewayErrors.PAYMENTS_GATEWAY_RATE_LIMITED({ gateway: 'paypal' }),
      'PAYMENTS_GATEWAY_RATE_LIMITED',
    ],
  ])('%s is a fault: nothing was done', (_, cause, code) => {
    expect(paypalFailure(cause, 'k')).toMatchObject({ kind: 'fault', error: { code } })
  })

  it.each([
    ['CAPTURE_FULLY_REFUNDED', 'already_done'],
    ['REFUND_AMOUNT_EXCEEDED', 'amount_too_large'],
    ['REFUND_TIME_LIMIT_EXCEEDED', 'too_late'],
    ['AUTHORIZATION_EXPIRED', 'too_late'],
    ['INSUFFICIENT_FUNDS', 'insufficient_balance'],
    ['INVALID_RESOURCE_ID', 'not_found'],
    ['SOMETHING_NEW', 'wrong_state'],
  ])('%s is a refusal: %s', (name, reason) => {
    expect(paypalFailure(answer(422, issue(name)))).toMatchObject({ kind: 'refused', issue: name, refusal: { reason } })
  })

  it('a 404 is a refusal by its name where it gives no issue', () => {
    const failure = paypalFailure(answer(404, { name: 'INVALID_RESOURCE_ID', message: 'none' }))
    expect(failure).toMatchObject({ kind: 'refused', refusal: { reason: 'not_found' } })
  })
})
