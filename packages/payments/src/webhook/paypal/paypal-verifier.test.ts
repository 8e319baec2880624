import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { issueCertificate, type IssueOptions } from '../../testing/paypal/issue-certificate.ts'
import { paypalVerifier, type PaypalVerifierOptions } from './paypal-verifier.ts'
import { signPaypalWebhook, type SignPaypalOptions } from './sign-paypal-webhook.ts'

const day = 86_400_000
const now = Date.UTC(2026, 10, 21, 12)
const validity = { from: now - 30 * day, until: now + 30 * day }
const signerName = 'messageverificationcerts.paypal.com'
const certificateUrl = 'https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-1d93a270'
const webhookId = '8PT597110X687430L'
const body = new TextEncoder().encode('{"id":"WH-1","amount":{"value":"300.00"}}')

const rootKeys = generateKeyPairSync('rsa', { modulusLength: 2048 })
const leafKeys = generateKeyPairSync('rsa', { modulusLength: 2048 })
const root = issueCertificate({ ...validity, name: 'Test Root', authority: true, keys: rootKeys })
const middle = issueCertificate({ ...validity, name: 'Test Middle', authority: true, issuer: root, keys: rootKeys })
const signer = leaf({ issuer: middle })

function leaf(options: Partial<IssueOptions>) {
  return issueCertificate({ ...validity, name: signerName, issuer: root, keys: leafKeys, ...options })
}

function signed(options: Partial<SignPaypalOptions> = {}): Headers {
  const transmissionId = '69cd13f0-d67a-11e5-baa3-778b53f4ae55'
  const { privateKey } = signer
  return new Headers(
    signPaypalWebhook({ body, webhookId, transmissionId, now, certificateUrl, privateKey, ...options }),
  )
}

function verifier(options: Partial<PaypalVerifierOptions> = {}) {
  const fetchCertificate = async () => signer.pem + middle.pem
  return paypalVerifier({ webhookIds: [webhookId], roots: [root.pem], fetchCertificate, ...options })
}

async function rejectionOf(headers: Headers, options: Partial<PaypalVerifierOptions> = {}, at = now, bytes = body) {
  const verdict = await verifier(options)({ headers, body: bytes, now: at })
  return verdict.verified ? undefined : verdict.rejection
}

const serving = (pem: string): Partial<PaypalVerifierOptions> => ({ fetchCertificate: async () => pem })

describe('paypalVerifier', () => {
  it('accepts what the chain of a trusted authority signed', async () => {
    expect(await rejectionOf(signed())).toBeUndefined()
  })

  it('fetches a certificate once, and needs nobody when it is at hand', async () => {
    let fetched = 0
    const counting = verifier({ fetchCertificate: async () => (fetched++, signer.pem + middle.pem) })
    for (let count = 0; count < 3; count++)
      expect((await counting({ headers: signed(), body, now })).verified).toBe(true)
    expect(fetched).toBe(1)
    const offline = { certificates: { [certificateUrl]: signer.pem + middle.pem }, fetchCertificate: unreachable }
    expect(await rejectionOf(signed(), offline)).toBeUndefined()
  })

  it('keeps a certificate no longer than it is valid', async () => {
    const kept = verifier({ maximumAge: 400 * day })
    expect((await kept({ headers: signed(), body, now })).verified).toBe(true)
    const late = await kept({ headers: signed(), body, now: now + 31 * day })
    expect(late).toMatchObject({ verified: false, rejection: 'certificate_refused' })
  })

  it('fault: a body in other bytes is refused, whichever bit is changed', async () => {
    const headers = signed()
    for (let bit = 0; bit < body.length * 8; bit += 7) {
      const changed = Uint8Array.from(body)
      changed[bit >> 3]! ^= 1 << (bit & 7)
      expect(await rejectionOf(headers, {}, now, changed)).toBe('signature_mismatch')
    }
    const anew = new TextEncoder().encode(JSON.stringify(JSON.parse(new TextDecoder().decode(body)), undefined, 2))
    expect(await rejectionOf(headers, {}, now, anew)).toBe('signature_mismatch')
  })

  it('takes the CRC as an unsigned decimal number, also where it has the highest bit', async () => {
    const high = Array.from({ length: 64 }, (_, index) => new TextEncoder().encode(`{"n":${index}}`))
    for (const bytes of high) expect(await rejectionOf(signed({ body: bytes }), {}, now, bytes)).toBeUndefined()
  })

  it('fault: another webhook’s delivery is refused; while webhooks are replaced, both are accepted', async () => {
    expect(await rejectionOf(signed({ webhookId: 'ANOTHER' }))).toBe('signature_mismatch')
    const both = { webhookIds: ['NEW1', webhookId] }
    expect(await rejectionOf(signed({ webhookId: 'NEW1' }), both)).toBeUndefined()
    expect(await rejectionOf(signed(), both)).toBeUndefined()
  })

  it('fault: expired and future-dated deliveries are refused', async () => {
    expect(await rejectionOf(signed(), {}, now + 4 * day)).toBeUndefined()
    expect(await rejectionOf(signed(), {}, now + 4 * day + 1)).toBe('too_old')
    expect(await rejectionOf(signed(), {}, now - 300_000)).toBeUndefined()
    expect(await rejectionOf(signed(), {}, now - 300_001)).toBe('in_the_future')
  })

  it.each([
    'http://api.paypal.com/v1/notifications/certs/CERT-1',
    'https://api.paypal.com.evil.example/v1/notifications/certs/CERT-1',
    'https://evil.example/v1/notifications/certs/CERT-1',
    'https://api.paypal.com@evil.example/v1/notifications/certs/CERT-1',
    'https://user:secret@api.paypal.com/v1/notifications/certs/CERT-1',
    'https://api.paypal.com:8443/v1/notifications/certs/CERT-1',
    'https://api.paypal.com/v1/notifications/certs/../../oauth2/CERT-1',
    'https://api.paypal.com/v1/notifications/certs/%2e%2e%2fCERT-1',
    'https://api.paypal.com/v1/notifications/certs/CERT-1?redirect=evil',
    'https://api.paypal.com/v1/notifications/certs/',
    'file:///etc/ssl/cert.pem',
    'not an address',
    '',
  ])('fault: the certificate address %s is not fetched', async (url) => {
    let fetched = false
    const options = { fetchCertificate: async () => ((fetched = true), signer.pem) }
    expect(await rejectionOf(signed({ certificateUrl: url }), options)).toBe('certificate_refused')
    expect(fetched).toBe(false)
  })

  it('fault: a certificate that leads to nobody trusted is refused', async () => {
    const self = leaf({ issuer: undefined })
    expect(await rejectionOf(signed(), serving(self.pem))).toBe('certificate_refused')
    expect(await rejectionOf(signed(), serving(signer.pem))).toBe('certificate_refused')
    expect(await rejectionOf(signed(), { roots: undefined })).toBe('certificate_refused')
  })

  it('refuses an issuer that is no authority', async () => {
    const impostor = leaf({ name: 'someone.example', issuer: root })
    const issued = leaf({ issuer: impostor })
    expect(await rejectionOf(signed(), serving(issued.pem + impostor.pem))).toBe('certificate_refused')
  })

  it('refuses a trusted certificate of another name', async () => {
    expect(await rejectionOf(signed(), serving(leaf({ name: 'www.example.com' }).pem))).toBe('certificate_refused')
  })

  it('refuses certificates outside their validity, issuers as well', async () => {
    const expired = leaf({ from: now - 30 * day, until: now - 1 })
    const early = leaf({ from: now + 1000, until: now + day })
    expect(await rejectionOf(signed(), serving(expired.pem))).toBe('certificate_refused')
    expect(await rejectionOf(signed(), serving(early.pem))).toBe('certificate_refused')
    const gone = issueCertificate({
      name: 'Gone',
      authority: true,
      issuer: root,
      from: now - 2 * day,
      until: now - day,
      keys: rootKeys,
    })
    expect(await rejectionOf(signed(), serving(leaf({ issuer: gone }).pem + gone.pem))).toBe('certificate_refused')
  })

  it('refuses what is no certificate', async () => {
    expect(await rejectionOf(signed(), serving(''))).toBe('certificate_refused')
    expect(await rejectionOf(signed(), serving('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'))).toBe(
      'certificate_refused',
    )
  })

  it('refuses another’s key under the right certificate', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    expect(await rejectionOf(signed({ privateKey }))).toBe('signature_mismatch')
  })

  it('says that the certificate cannot be had, and tries again with the next delivery', async () => {
    let tries = 0
    const flaky = verifier({ fetchCertificate: async () => (tries++ === 0 ? unreachable() : signer.pem + middle.pem) })
    expect(await flaky({ headers: signed(), body, now })).toMatchObject({ rejection: 'certificate_unavailable' })
    expect((await flaky({ headers: signed(), body, now })).verified).toBe(true)
  })

  it('passes the caller’s wish to give up on', async () => {
    const reason = new DOMException('enough', 'AbortError')
    const delivery = { headers: signed(), body, now, signal: AbortSignal.abort(reason) }
    await expect(verifier({ fetchCertificate: unreachable })(delivery)).rejects.toBe(reason)
  })

  it.each([
    ['paypal-transmission-id', undefined, 'signature_missing'],
    ['paypal-transmission-time', undefined, 'signature_missing'],
    ['paypal-transmission-sig', undefined, 'signature_missing'],
    ['paypal-transmission-id', 'a|2026-11-21T12:00:00Z', 'signature_malformed'],
    ['paypal-transmission-time', 'yesterday', 'signature_malformed'],
    ['paypal-transmission-time', '2026-99-21T12:00:00Z', 'signature_malformed'],
    ['paypal-transmission-sig', '%%%', 'signature_malformed'],
    ['paypal-auth-algo', 'SHA1withRSA', 'signature_malformed'],
    ['paypal-auth-algo', undefined, 'signature_malformed'],
    ['paypal-cert-url', undefined, 'certificate_refused'],
  ])('refuses the header %s: %s', async (name, value, rejection) => {
    const headers = signed()
    if (value === undefined) headers.delete(name)
    else headers.set(name, value)
    expect(await rejectionOf(headers)).toBe(rejection)
  })

  it.each([[[]], [['']], [['a|b']]])('refuses the webhooks %j', (webhookIds) => {
    expect(() => verifier({ webhookIds })).toThrow(expect.objectContaining({ code: 'PAYMENTS_WEBHOOK_OPTION_INVALID' }))
  })
})

async function unreachable(): Promise<never> {
  throw new Error('unreachable')
}
