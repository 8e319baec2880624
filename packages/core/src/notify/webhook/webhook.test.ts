import fc from 'fast-check'
import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { Secret } from '../../config/secret.ts'
import { SimulatedClock } from '../../testing/clock/simulated-clock.ts'
import { signWebhook } from './sign-webhook.ts'
import { verifyWebhook } from './verify-webhook.ts'

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const other = `whsec_${Buffer.alloc(32, 7).toString('base64')}`

const codeOf = (work: () => unknown): string => {
  try {
    work()
    return 'fine'
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('signWebhook and verifyWebhook', () => {
  it('agree with the reference library both ways, for any id, body and secret', () => {
    const id = fc.string({ unit: fc.constantFrom('a', 'Z', '0', '9', '_', '-'), minLength: 1, maxLength: 40 })
    const key = fc.uint8Array({ minLength: 24, maxLength: 64 })
    fc.assert(
      fc.property(id, fc.jsonValue(), key, (name, value, bytes) => {
        const secrets = `whsec_${Buffer.from(bytes).toString('base64')}`
        const reference = new Webhook(secrets)
        const body = JSON.stringify(value)
        const time = new Date()
        const headers = signWebhook({ id: name, time, body, secrets })
        expect(reference.verify(body, { ...headers })).toEqual(JSON.parse(body))
        const theirs = reference.sign(name, time, body)
        expect(verifyWebhook({ headers: { ...headers, 'webhook-signature': theirs }, body, secrets }).id).toBe(name)
      }),
      { numRuns: 200 },
    )
  })

  it('gives the signature of the specification’s own example', () => {
    const body = '{"test": 2432232314}'
    const time = new Date(1_614_265_330_000)
    const headers = signWebhook({ id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', time, body, secrets: secret })
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
    const clock = new SimulatedClock({ now: time.getTime() })
    expect(verifyWebhook({ headers, body: Buffer.from(body), secrets: secret, clock })).toEqual({
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      time,
    })
  })

  it('notices every flipped bit of body, id, time and signature', () => {
    const body = Buffer.from('{"amount":100}')
    const time = new Date()
    const headers = signWebhook({ id: 'msg_1', time, body, secrets: secret })
    for (let bit = 0; bit < body.length * 8; bit++) {
      const changed = Buffer.from(body)
      changed[bit >> 3]! ^= 1 << (bit & 7)
      expect(codeOf(() => verifyWebhook({ headers, body: changed, secrets: secret }))).toBe(
        'CORE_NOTIFY_SIGNATURE_WRONG',
      )
    }
    for (const [name, value] of Object.entries(headers))
      for (let place = 0; place < value.length; place++) {
        const character = String.fromCharCode(value.charCodeAt(place) ^ 1)
        const changed = { ...headers, [name]: value.slice(0, place) + character + value.slice(place + 1) }
        expect(codeOf(() => verifyWebhook({ headers: changed, body, secrets: secret }))).toMatch(
          /^CORE_NOTIFY_SIGNATURE_(WRONG|OLD|MISSING)$/,
        )
      }
  })

  it('takes either secret while one replaces the other, and passes over signatures of other versions', () => {
    const time = new Date()
    const both = signWebhook({ id: 'm', time, body: '{}', secrets: [new Secret(other), secret] })
    for (const secrets of [secret, other, [other, secret]])
      expect(verifyWebhook({ headers: both, body: '{}', secrets }).id).toBe('m')
    const headers = { ...both, 'webhook-signature': `v1a,xyz v2,abc ${both['webhook-signature']}` }
    expect(verifyWebhook({ headers: new Headers(headers), body: '{}', secrets: secret }).id).toBe('m')
    const upper = Object.fromEntries(Object.entries(both).map(([name, value]) => [name.toUpperCase(), value]))
    expect(verifyWebhook({ headers: upper, body: '{}', secrets: secret }).id).toBe('m')
  })

  it('refuses what is too old or from the future, to the second', () => {
    const clock = new SimulatedClock({ now: 1_700_000_000_400 })
    const at = (seconds: number) =>
      codeOf(() => {
        const headers = signWebhook({
          id: 'm',
          time: new Date(clock.now() + seconds * 1_000),
          body: '',
          secrets: secret,
        })
        verifyWebhook({ headers, body: '', secrets: secret, clock, tolerance: '1m' })
      })
    expect([-61, -60, 0, 60, 61].map(at)).toEqual([
      'CORE_NOTIFY_SIGNATURE_OLD',
      'fine',
      'fine',
      'fine',
      'CORE_NOTIFY_SIGNATURE_OLD',
    ])
  })

  it('names the header that is missing, and secrets that are none', () => {
    const headers = signWebhook({ id: 'm', time: new Date(), body: '', secrets: secret })
    for (const name of Object.keys(headers))
      expect(() => verifyWebhook({ headers: { ...headers, [name]: undefined }, body: '', secrets: secret })).toThrow(
        expect.objectContaining({
          code: 'CORE_NOTIFY_SIGNATURE_MISSING',
          message: expect.stringContaining(name) as string,
        }),
      )
    const wrongTime = { ...headers, 'webhook-timestamp': '1e9' }
    expect(codeOf(() => verifyWebhook({ headers: wrongTime, body: '', secrets: secret }))).toBe(
      'CORE_NOTIFY_SIGNATURE_MISSING',
    )
    for (const secrets of ['', 'whsec_short', 'not base64!', [], Buffer.alloc(65).toString('base64')])
      expect(codeOf(() => signWebhook({ id: 'm', time: new Date(), body: '', secrets }))).toBe(
        'CORE_NOTIFY_SECRET_INVALID',
      )
    for (const id of ['', 'a.b', 'a b', 'ü'])
      expect(codeOf(() => signWebhook({ id, time: new Date(), body: '', secrets: secret }))).toBe('CORE_NOTIFY_INVALID')
    expect(codeOf(() => signWebhook({ id: 'm', time: new Date(Number.NaN), body: '', secrets: secret }))).toBe(
      'CORE_NOTIFY_INVALID',
    )
  })
})
