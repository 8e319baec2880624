import { SimulatedClock } from '@exprsn/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { decodeForm } from './form-body.ts'
import { simulateStripe, type StripeSimulator } from './simulate-stripe.ts'

let clock: SimulatedClock
let stripe: StripeSimulator

beforeEach(async () => {
  clock = new SimulatedClock()
  stripe = await simulateStripe({ clock })
})

afterEach(() => stripe.close())

async function post(path: string, parameters: Record<string, string>, key?: string) {
  const headers = { authorization: `Bearer ${stripe.apiKey}`, ...(key === undefined ? {} : { 'idempotency-key': key }) }
  const response = await fetch(`${stripe.url}${path}`, {
    method: 'POST',
    headers,
    body: new URLSearchParams(parameters),
  })
  const body = (await response.json()) as {
    readonly id: string
    readonly status: string
    readonly error?: { readonly code?: string; readonly type: string }
  }
  return { status: response.status, replayed: response.headers.get('idempotent-replayed'), body }
}

const sale = { amount: '500', currency: 'eur', payment_method: 'pm_card_visa', confirm: 'true' }

describe('idempotency keys', () => {
  it('give the first answer for a day, and then are new', async () => {
    const first = await post('/v1/payment_intents', sale, 'k')
    const again = await post('/v1/payment_intents', sale, 'k')
    expect(again).toEqual({ ...first, replayed: 'true' })
    await clock.advanceBy(86_400_000)
    expect((await post('/v1/payment_intents', sale, 'k')).body.id).not.toBe(first.body.id)
  })

  it('are refused for other parameters', async () => {
    await post('/v1/payment_intents', sale, 'k')
    const other = await post('/v1/payment_intents', { ...sale, amount: '600' }, 'k')
    expect(other).toMatchObject({ status: 400, body: { error: { type: 'idempotency_error' } } })
  })

  it('keep declines, and not what never reached the endpoint', async () => {
    const declined = { ...sale, payment_method: 'pm_card_visa_chargeDeclined' }
    await post('/v1/payment_intents', declined, 'k1')
    expect(await post('/v1/payment_intents', declined, 'k1')).toMatchObject({ status: 402, replayed: 'true' })
    expect(await post('/v1/payment_intents', { ...sale, amount: 'x' }, 'k2')).toMatchObject({ status: 400 })
    expect(await post('/v1/payment_intents', sale, 'k2')).toMatchObject({ status: 200, replayed: null })
  })
})

describe('parameters', () => {
  it.each([
    [{ ...sale, amount: '5.00' }, 'parameter_invalid_integer'],
    [{ ...sale, amount: '-5' }, 'parameter_invalid_integer'],
    [{ ...sale, amount: '10' }, 'amount_too_small'],
    [{ ...sale, amount: '100000000' }, 'amount_too_large'],
    [{ ...sale, currency: 'EURO' }, 'invalid_currency'],
    [{ ...sale, confirm: 'yes' }, 'invalid_type'],
    [{ ...sale, colour: 'red' }, 'parameter_unknown'],
    [{ currency: 'eur' }, 'parameter_missing'],
    [{ ...sale, capture_method: 'sometimes' }, 'parameter_invalid'],
    [{ ...sale, customer: 'cus_unknown' }, 'resource_missing'],
    [{ ...sale, payment_method: 'pm_unknown' }, 'resource_missing'],
    [{ ...sale, 'metadata[a]': 'x'.repeat(501) }, 'parameter_invalid'],
    [{ amount: '500', currency: 'eur', return_url: 'https://shop.example' }, 'parameter_invalid'],
  ])('%j is refused with %s', async (parameters, code) => {
    const { status, body } = await post('/v1/payment_intents', parameters as Record<string, string>)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(body.error?.code).toBe(code)
  })

  it('knows no other addresses', async () => {
    expect(await post('/v1/unicorns', {})).toMatchObject({ status: 404 })
  })

  it('are decoded like forms of the API: nested, listed, and harmless', () => {
    const pairs = [
      ['a[b][c]', '1'],
      ['list[0]', 'x'],
      ['list[1]', 'y'],
      ['open[]', 'z'],
      ['__proto__[bad]', '1'],
    ] as const
    const decoded = decodeForm(pairs)
    expect(decoded).toMatchObject({ a: { b: { c: '1' } }, list: ['x', 'y'], open: ['z'] })
    expect(({} as Record<string, unknown>)['bad']).toBeUndefined()
  })
})

describe('states', () => {
  it('refuse what does not fit them', async () => {
    const { body: paid } = await post('/v1/payment_intents', sale)
    for (const action of ['confirm', 'capture', 'cancel'])
      expect(await post(`/v1/payment_intents/${paid.id}/${action}`, {})).toMatchObject({ status: 400 })
    const { body: held } = await post('/v1/payment_intents', { ...sale, capture_method: 'manual' })
    const part = await post(`/v1/payment_intents/${held.id}/capture`, {
      amount_to_capture: '100',
      final_capture: 'false',
    })
    expect(part.body.error?.code).toBe('parameter_invalid')
  })

  it('names what the simulator cannot do', () => {
    const unknown = expect.objectContaining({ code: 'PAYMENTS_TESTING_UNKNOWN_OBJECT' })
    expect(() => stripe.openDispute('pi_x')).toThrow(unknown)
    expect(() => stripe.failRefund('re_x')).toThrow(unknown)
    expect(() => stripe.authenticate('pi_x')).toThrow(unknown)
    expect(stripe.payOut('EUR')).toBeUndefined()
  })

  it('a payment cannot be authenticated twice', async () => {
    const { body } = await post('/v1/payment_intents', { ...sale, payment_method: 'pm_card_authenticationRequired' })
    stripe.authenticate(body.id)
    expect(() => stripe.authenticate(body.id)).toThrow(
      expect.objectContaining({ code: 'PAYMENTS_TESTING_WRONG_STATE' }),
    )
  })
})
