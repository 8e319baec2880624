import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { hmacSha256 } from '../hmac-sha256.ts'
import { signStripeWebhook, stripeVerifier } from './stripe-verifier.ts'

// A vector made with node:crypto and confirmed by the stripe package below.
const body = new TextEncoder().encode('{"id":"evt_1","object":"event"}')
const secret = 'whsec_test_secret'
const now = 1_700_000_000_000
const digest = '0c8670ed117751cc551a20e35839447075c42800ea3cf3e8a2fbda99cd1e6edd'
const header = `t=1700000000,v1=${digest}`
const verify = stripeVerifier({ secrets: [secret] })

function rejectionOf(delivery: Parameters<typeof verify>[0]): string | undefined {
  const verdict = verify(delivery)
  return verdict.verified ? undefined : verdict.rejection
}

describe('stripeVerifier', () => {
  it('accepts the known vector, and so does the stripe package', () => {
    expect(verify({ body, header, now })).toEqual({ verified: true })
    expect(signStripeWebhook({ body, secret, now })).toBe(header)
    const { webhooks } = new Stripe('sk_test_x')
    expect(webhooks.signature?.verifyHeader(body, header, secret, Number.MAX_SAFE_INTEGER)).toBe(true)
  })

  it('accepts whatever the stripe package signs', () => {
    const { webhooks } = new Stripe('sk_test_x')
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), fc.integer({ min: 1 }), (payload, timestamp) => {
        const made = webhooks.generateTestHeaderString({ payload, secret, timestamp })
        expect(verify({ body: new TextEncoder().encode(payload), header: made, now: timestamp * 1000 }).verified).toBe(
          true,
        )
      }),
      { numRuns: 200 },
    )
  })

  it('refuses every body with one bit changed', () => {
    for (let bit = 0; bit < body.length * 8; bit++) {
      const changed = Uint8Array.from(body)
      changed[bit >> 3]! ^= 1 << (bit & 7)
      expect(rejectionOf({ body: changed, header, now })).toBe('signature_mismatch')
    }
  })

  it('refuses every digest with one digit changed', () => {
    for (let at = 0; at < digest.length; at++) {
      const changed = digest.slice(0, at) + (digest[at] === 'f' ? '0' : 'f') + digest.slice(at + 1)
      expect(rejectionOf({ body, header: `t=1700000000,v1=${changed}`, now })).toBe('signature_mismatch')
    }
  })

  it('fault: a body that was parsed and written again is refused', () => {
    const anew = new TextEncoder().encode(JSON.stringify({ object: 'event', id: 'evt_1' }))
    expect(rejectionOf({ body: anew, header, now })).toBe('signature_mismatch')
  })

  it('fault: expired and future-dated signatures are refused, to the second on both sides', () => {
    expect(rejectionOf({ body, header, now: now + 300_000 })).toBeUndefined()
    expect(rejectionOf({ body, header, now: now + 300_001 })).toBe('too_old')
    expect(rejectionOf({ body, header, now: now - 300_000 })).toBeUndefined()
    expect(rejectionOf({ body, header, now: now - 300_001 })).toBe('in_the_future')
  })

  it('does not say that a forged delivery is old: its time is not signed', () => {
    const forged = `t=1500000000,v1=${'0'.repeat(64)}`
    expect(rejectionOf({ body, header: forged, now })).toBe('signature_mismatch')
  })

  it('fault: a changed time is refused, because it is signed', () => {
    expect(rejectionOf({ body, header: `t=1700000001,v1=${digest}`, now })).toBe('signature_mismatch')
  })

  it('fault: while a secret is replaced, both of them are accepted, and signatures of both in one header', () => {
    const both = stripeVerifier({ secrets: ['whsec_new', secret] })
    expect(both({ body, header, now }).verified).toBe(true)
    expect(both({ body, header: signStripeWebhook({ body, secret: 'whsec_new', now }), now }).verified).toBe(true)
    expect(both({ body, header: signStripeWebhook({ body, secret: 'whsec_gone', now }), now }).verified).toBe(false)
    const foreign = 'a'.repeat(64)
    expect(verify({ body, header: `t=1700000000,v1=${foreign},v1=${digest}`, now }).verified).toBe(true)
  })

  it('ignores other schemes, so that nobody can choose a weaker one', () => {
    expect(rejectionOf({ body, header: `t=1700000000,v0=${digest}`, now })).toBe('signature_malformed')
    expect(verify({ body, header: `t=1700000000,v0=${'1'.repeat(64)},v1=${digest}`, now }).verified).toBe(true)
  })

  it.each([
    ['no header', undefined, 'signature_missing'],
    ['null', null, 'signature_missing'],
    ['an empty header', '', 'signature_missing'],
    ['no time', `v1=${digest}`, 'signature_malformed'],
    ['an empty time', `t=,v1=${digest}`, 'signature_malformed'],
    ['a time with a sign', `t=-1700000000,v1=${digest}`, 'signature_malformed'],
    ['a time in scientific form', `t=17e8,v1=${digest}`, 'signature_malformed'],
    ['a time of many digits', `t=${'1'.repeat(30)},v1=${digest}`, 'signature_malformed'],
    ['no signature', 't=1700000000', 'signature_malformed'],
    ['a short digest', `t=1700000000,v1=${digest.slice(1)}`, 'signature_malformed'],
    ['a digest in capitals', `t=1700000000,v1=${digest.toUpperCase()}`, 'signature_mismatch'],
    ['only commas', ',,,,', 'signature_malformed'],
  ])('refuses %s', (_, given, rejection) => {
    expect(rejectionOf({ body, header: given, now })).toBe(rejection)
  })

  it('looks at 20 items of a header at most', () => {
    const padding = `v1=${'b'.repeat(64)},`.repeat(20)
    expect(rejectionOf({ body, header: `t=1700000000,${padding}v1=${digest}`, now })).toBe('signature_mismatch')
  })

  it('never throws, whatever the header is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `t=1,v1=${text}`),
        ),
        (text) => {
          expect(verify({ body, header: text, now }).verified).toBe(false)
        },
      ),
      { numRuns: 200 },
    )
  })

  it.each([[[]], [['']], [[' whsec_x']], [['whsec_x\n']]])('refuses the secrets %j', (secrets) => {
    expect(() => stripeVerifier({ secrets })).toThrow(
      expect.objectContaining({ code: 'PAYMENTS_WEBHOOK_OPTION_INVALID' }),
    )
  })
})

describe('hmacSha256', () => {
  it('is the HMAC of node:crypto for keys and messages of any length', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.stringMatching(/^[ -~]{0,60}$/),
        fc.uint8Array({ maxLength: 300 }),
        (key, prefix, message) => {
          const expected = createHmac('sha256', key).update(prefix).update(message).digest('hex')
          expect(hmacSha256(key)(prefix, message)).toBe(expected)
        },
      ),
      { numRuns: 200 },
    )
  })

  it.each([16_383, 16_384, 16_385, 100_000])('also for %i bytes, and after one of another length', (length) => {
    const message = new Uint8Array(length).fill(7)
    const digestOf = hmacSha256('key')
    const expected = (bytes: Uint8Array) => createHmac('sha256', 'key').update('1.').update(bytes).digest('hex')
    expect(digestOf('1.', message)).toBe(expected(message))
    expect(digestOf('1.', body)).toBe(expected(body))
  })
})
