import { generateKeyPairSync, sign as opensslSign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sharedData } from '@exprsn/real-servers/shared-data'
import { decodeMultibase, parseDidKey, type Curve } from '../codec/index.ts'
import { createSigningKey, didKeyOfDocument, importSigningKey, verifySignature } from './index.ts'
import { curves, scalarBytes } from './curve.ts'

const message = new TextEncoder().encode('a message')
const both: Curve[] = ['p256', 'k256']

describe.each(both)('%s', (curve) => {
  const key = createSigningKey(curve)

  it('verifies what it signed, and nothing else', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 100 }),
        fc.nat(63),
        fc.integer({ min: 1, max: 255 }),
        (bytes, position, change) => {
          const signature = key.sign(bytes)
          expect(signature).toHaveLength(64)
          expect(verifySignature(key.didKey, bytes, signature)).toBe(true)
          signature[position]! ^= change
          expect(verifySignature(key.didKey, bytes, signature)).toBe(false)
        },
      ),
      { numRuns: 50 },
    )
  })

  it('S5: refuses the other half of s, which OpenSSL accepts', () => {
    const signature = key.sign(message)
    const s = BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`)
    const highS = Uint8Array.from([...signature.subarray(0, 32), ...scalarBytes(curves[curve].order - s)])
    expect(verifySignature(key.didKey, message, highS)).toBe(false)
  })

  it('S5: refuses signatures that are not 64 bytes: DER, 65 bytes, none', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: curves[curve].openssl })
    for (const signature of [
      opensslSign('sha256', message, privateKey),
      new Uint8Array(65),
      new Uint8Array(),
      new Uint8Array(64),
    ]) {
      expect(verifySignature(key.didKey, message, signature)).toBe(false)
    }
  })

  it('refuses the key of somebody else', () => {
    expect(verifySignature(createSigningKey(curve).didKey, message, key.sign(message))).toBe(false)
  })

  it('exports and imports', () => {
    const again = importSigningKey(curve, key.export())
    expect(again.didKey).toBe(key.didKey)
    expect(verifySignature(key.didKey, message, again.sign(message))).toBe(true)
    expect(JSON.stringify(key)).not.toContain(Buffer.from(key.export()).toString('hex'))
  })

  it('refuses numbers outside the order', () => {
    for (const bytes of [new Uint8Array(32), scalarBytes(curves[curve].order), new Uint8Array(31).fill(1)]) {
      expect(() => importSigningKey(curve, bytes)).toThrow(expect.objectContaining({ code: 'ATPROTO_KEY_INVALID' }))
    }
  })

  it('draws again when chance gives a number outside the order', () => {
    const draws = [new Uint8Array(32).fill(255), scalarBytes(7n)]
    const drawn = createSigningKey(curve, { random: { uint32: () => 0, bytes: () => draws.shift()! } })
    expect(drawn.export()).toEqual(scalarBytes(7n))
  })
})

it('S5: refuses points that are on no curve', () => {
  const zeroPoint = { type: 'EcdsaSecp256k1VerificationKey2019', publicKeyMultibase: 'f04'.concat('01'.repeat(64)) }
  expect(() => didKeyOfDocument(zeroPoint)).toThrow(expect.objectContaining({ code: 'ATPROTO_KEY_INVALID' }))
  expect(() => didKeyOfDocument({ ...zeroPoint, type: 'Ed25519VerificationKey2018' })).toThrow(/type/)
})

const shared = sharedData('atproto')
describe.skipIf(shared === undefined)('the published vectors (skipped where the shared data is absent)', () => {
  const fixtures = (name: string) => JSON.parse(readFileSync(`${shared}/${name}`, 'utf8'))

  it('judges every signature as published', () => {
    for (const fixture of fixtures('interop/crypto/signature-fixtures.dev.json')) {
      const bytes = Buffer.from(fixture.messageBase64, 'base64')
      const signature = Buffer.from(fixture.signatureBase64, 'base64')
      expect(verifySignature(fixture.publicKeyDid, bytes, signature), fixture.comment).toBe(fixture.validSignature)
      const { didDocSuite: type, publicKeyMultibase } = fixture
      expect(didKeyOfDocument({ type, publicKeyMultibase })).toBe(fixture.publicKeyDid)
    }
  })

  it('derives the published public keys', () => {
    for (const { privateKeyBytesHex, publicDidKey } of fixtures('interop/crypto/w3c_didkey_K256.json')) {
      expect(importSigningKey('k256', Buffer.from(privateKeyBytesHex, 'hex')).didKey).toBe(publicDidKey)
    }
    for (const { privateKeyBytesBase58, publicDidKey } of fixtures('interop/crypto/w3c_didkey_P256.json')) {
      expect(importSigningKey('p256', decodeMultibase(`z${privateKeyBytesBase58}`)).didKey).toBe(publicDidKey)
    }
  })

  it('reads the uncompressed keys of older documents', () => {
    const [method] = fixtures('indigo/greenground.didDoc.json').verificationMethod
    expect(parseDidKey(didKeyOfDocument(method)).curve).toBe('k256')
    expect(didKeyOfDocument({ type: 'Multikey', publicKeyMultibase: 'zX' })).toBe('did:key:zX')
  })
})
