import { describe, expect, it } from 'vitest'
import { authorizeNetVerifier, signAuthorizeNetWebhook } from './authorize-net-verifier.ts'
import { authorizeNetTransactionHash } from './transaction-hash.ts'

// The inputs that AuthorizeNet/sample-code-node publishes in Sha512/compute_trans_hashSHA2.js.
const signatureKey =
  '56E529FE6C63D60E545F84686096E6AA01D5E18A119F18A130F7CFB3983104216979E95D84C91BDD382AA0875264A63940A2D0AA5548F6023B4C78A9D52C18DA'
const body = new TextEncoder().encode(
  '{"notificationId":"d0e8e7fe-c3e7-4add-a480-27bc5ce28a18","payload":{"authAmount":300.00}}',
)
const header = signAuthorizeNetWebhook({ body, signatureKey })
const verify = authorizeNetVerifier({ signatureKeys: [signatureKey] })

describe('authorizeNetVerifier', () => {
  it('accepts its own signature in upper and lower case', () => {
    expect(header).toMatch(/^sha512=[0-9A-F]{128}$/)
    expect(verify({ body, header }).verified).toBe(true)
    expect(verify({ body, header: `sha512=${header.slice(7).toLowerCase()}` }).verified).toBe(true)
  })

  it('refuses every body with one bit changed', () => {
    for (let bit = 0; bit < body.length * 8; bit++) {
      const changed = Uint8Array.from(body)
      changed[bit >> 3]! ^= 1 << (bit & 7)
      expect(verify({ body: changed, header })).toMatchObject({ rejection: 'signature_mismatch' })
    }
  })

  it('fault: a body that was parsed and written again loses its decimals and is refused', () => {
    const anew = new TextEncoder().encode(JSON.stringify(JSON.parse(new TextDecoder().decode(body))))
    expect(new TextDecoder().decode(anew)).toContain('300}')
    expect(verify({ body: anew, header })).toMatchObject({ rejection: 'signature_mismatch' })
  })

  it('fault: while a key is replaced, both are accepted, and a foreign one is not', () => {
    const both = authorizeNetVerifier({ signatureKeys: ['ABCD01', signatureKey] })
    expect(both({ body, header }).verified).toBe(true)
    expect(both({ body, header: signAuthorizeNetWebhook({ body, signatureKey: 'ABCD01' }) }).verified).toBe(true)
    expect(both({ body, header: signAuthorizeNetWebhook({ body, signatureKey: 'ABCD02' }) }).verified).toBe(false)
  })

  it('takes the characters of the key, not the bytes that they stand for', () => {
    const decoded = Buffer.from(signatureKey, 'hex').toString('latin1')
    expect(verify({ body, header: signAuthorizeNetWebhook({ body, signatureKey: decoded }) }).verified).toBe(false)
  })

  it.each([
    [undefined, 'signature_missing'],
    [null, 'signature_missing'],
    ['', 'signature_missing'],
    [header.slice(7), 'signature_malformed'],
    [header.slice(0, -1), 'signature_malformed'],
    [`sha256=${header.slice(7)}`, 'signature_malformed'],
    [`${header} `, 'signature_malformed'],
    [`sha512=${'G'.repeat(128)}`, 'signature_malformed'],
    [`sha512=${'0'.repeat(128)}`, 'signature_mismatch'],
  ])('refuses the header %s', (given, rejection) => {
    expect(verify({ body, header: given })).toMatchObject({ verified: false, rejection })
  })

  it.each([[[]], [['']], [[' A']]])('refuses the keys %j', (signatureKeys) => {
    expect(() => authorizeNetVerifier({ signatureKeys })).toThrow(
      expect.objectContaining({ code: 'PAYMENTS_WEBHOOK_OPTION_INVALID' }),
    )
  })
})

describe('authorizeNetTransactionHash', () => {
  it('decodes the key, unlike webhooks', () => {
    const input = { apiLoginId: '2Kfn5S7x7D', transactionId: '60115585081', amount: '12.00', signatureKey }
    const hash = authorizeNetTransactionHash(input)
    expect(hash).toMatch(/^963FF604[0-9A-F]{112}850D3FDE$/)
    expect(authorizeNetTransactionHash({ ...input, amount: '12.0' })).not.toBe(hash)
    const webhook = signAuthorizeNetWebhook({ body: Buffer.from('^2Kfn5S7x7D^60115585081^12.00^'), signatureKey })
    expect(webhook).not.toBe(`sha512=${hash}`)
  })
})
