import { readFileSync } from 'node:fs'
import { sharedData } from '@exprsn/real-servers/shared-data'
import fc from 'fast-check'
import secp256k1 from 'secp256k1'
import { afterEach, describe, expect, it } from 'vitest'
import { curves, scalarBytes } from './curve.ts'
import { createSigningKey, useNativeK256, verifySignature, type Secp256k1Like } from './index.ts'

const key = createSigningKey('k256')
const message = Buffer.from('a message')

afterEach(() => useNativeK256(undefined))

/** What each of the two says. */
function both(didKey: string, bytes: Uint8Array, signature: Uint8Array): readonly boolean[] {
  const openssl = verifySignature(didKey, bytes, signature)
  useNativeK256(secp256k1)
  const native = verifySignature(didKey, bytes, signature)
  useNativeK256(undefined)
  return [openssl, native]
}

describe('libsecp256k1 and OpenSSL', () => {
  it('agree on signatures, and on every way to change them', () => {
    const change = fc.record({ position: fc.nat(63), by: fc.integer({ min: 1, max: 255 }) })
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.option(change), (bytes, changed) => {
        const signature = key.sign(bytes)
        if (changed !== null) signature[changed.position]! ^= changed.by
        const right = changed === null
        expect(both(key.didKey, bytes, signature)).toEqual([right, right])
      }),
      { numRuns: 200 },
    )
  })

  it('S5: refuse high s, zero, the order, and other lengths', () => {
    const { order } = curves.k256
    const signature = key.sign(message)
    const s = BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`)
    const r = signature.subarray(0, 32)
    for (const wrong of [
      Uint8Array.from([...r, ...scalarBytes(order - s)]),
      Uint8Array.from([...r, ...new Uint8Array(32)]),
      Uint8Array.from([...scalarBytes(order), ...signature.subarray(32)]),
      new Uint8Array(64),
      new Uint8Array(63),
      Uint8Array.from([...signature, 0]),
    ])
      expect(both(key.didKey, message, wrong)).toEqual([false, false])
    expect(both(key.didKey, message, Buffer.from(signature))).toEqual([true, true])
    expect(both(createSigningKey('k256').didKey, message, signature)).toEqual([false, false])
  })

  it('leave P-256 to OpenSSL', () => {
    const other = createSigningKey('p256')
    expect(both(other.didKey, message, other.sign(message))).toEqual([true, true])
  })
})

it.each<[string, Secp256k1Like]>([
  ['yes to everything', { ecdsaVerify: () => true }],
  ['no to everything', { ecdsaVerify: () => false }],
  [
    'nothing',
    {
      ecdsaVerify: () => {
        throw new Error('broken')
      },
    },
  ],
])('a library that says %s is not taken', (_, library) => {
  expect(() => useNativeK256(library)).toThrow(expect.objectContaining({ code: 'ATPROTO_KEY_INVALID' }))
  expect(verifySignature(key.didKey, message, key.sign(message))).toBe(true)
})

const shared = sharedData('atproto')
it.skipIf(shared === undefined)('judges every signature as published (skipped where the shared data is absent)', () => {
  for (const fixture of JSON.parse(readFileSync(`${shared}/interop/crypto/signature-fixtures.dev.json`, 'utf8'))) {
    const bytes = Buffer.from(fixture.messageBase64, 'base64')
    const signature = Buffer.from(fixture.signatureBase64, 'base64')
    const right = fixture.validSignature
    expect(both(fixture.publicKeyDid, bytes, signature), fixture.comment).toEqual([right, right])
  }
})
