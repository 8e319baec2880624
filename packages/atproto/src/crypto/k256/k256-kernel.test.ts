import { createPublicKey, hash, verify, type KeyObject } from 'node:crypto'
import fc from 'fast-check'
import secp256k1 from 'secp256k1'
import { describe, expect, it } from 'vitest'
import {
  add,
  generator,
  invert,
  mod,
  n,
  negate,
  p,
  pointAt,
  times,
  type ReferencePoint,
} from '../../../test/crypto/reference-k256.ts'
import { formatDidKey } from '../../codec/index.ts'
import { scalarBytes } from '../curve.ts'
import { createSigningKey, verifySignature } from '../index.ts'
import { publicKeyOf } from '../public-key.ts'
import { lambda } from './endomorphism.ts'
import { createK256Kernel } from './k256-kernel.ts'
import { isSignedByKernel } from './verify-k256.ts'

const kernel = createK256Kernel()!

function didKeyOf({ x, y }: NonNullable<ReferencePoint>): string {
  return formatDidKey({ curve: 'k256', bytes: Uint8Array.of(2 + Number(y % 2n), ...scalarBytes(x)) })
}

function keyOf(point: NonNullable<ReferencePoint>): KeyObject {
  return publicKeyOf(didKeyOf(point)).key
}

const signatureOf = (r: bigint, s: bigint): Uint8Array => Uint8Array.from([...scalarBytes(r), ...scalarBytes(s)])

describe('the kernel', () => {
  it('finds the sum of multiples that the equation gives, also where points meet, cancel and vanish', () => {
    const special = [0n, 1n, 2n, 3n, 15n, 16n, 17n, 31n, 127n, 128n, 255n, 2n ** 127n, 2n ** 128n, lambda, lambda + 1n]
    const scalars = fc.oneof(
      fc.constantFrom(...special, ...special.map((scalar) => mod(-scalar, n))),
      fc.bigInt({ min: 0n, max: n - 1n }),
    )
    const keys = fc.oneof(fc.constantFrom(...special.filter((scalar) => scalar !== 0n), n - 1n, n - 2n), scalars)
    fc.assert(
      fc.property(keys, scalars, scalars, (key, u1, u2) => {
        fc.pre(key !== 0n && u2 !== 0n)
        const point = times(key, generator)!
        const sum = add(times(u1, generator), times(u2, point))
        // Numbers that lead to these multiples; where they cancel any r will do, and none is right.
        const r = sum === undefined ? 5n : sum.x % n
        const s = mod(r * invert(u2, n), n)
        const table = kernel.prepare(point)
        const digest = mod(u1 * s, n)
        expect(kernel.verifies(table, digest, r, s)).toBe(sum !== undefined)
        expect(kernel.verifies(table, digest, mod(r + 1n, n), s)).toBe(false)
        expect(kernel.verifies(table, mod(digest + 1n, n), r, s)).toBe(false)
      }),
      { numRuns: 100 },
    )
  }, 120_000)

  it('agrees with OpenSSL and libsecp256k1 on signatures and on what is made of them', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 80 }),
        fc.option(fc.record({ position: fc.nat(63), by: fc.integer({ min: 1, max: 255 }) })),
        (message, change) => {
          const signer = createSigningKey('k256')
          const signature = signer.sign(message)
          if (change !== null) signature[change.position]! ^= change.by
          const { key, point } = publicKeyOf(signer.didKey)
          const digest = new Uint8Array(hash('sha256', message, 'buffer'))
          const openssl = verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature)
          expect(isSignedByKernel(key, message, signature)).toBe(openssl)
          // High s is for the caller to refuse; libsecp256k1 does so by itself.
          if (change === null) expect(secp256k1.ecdsaVerify(signature, digest, point)).toBe(openssl)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('takes an r whose point lies above the order, and not the number above the order itself', () => {
    const message = Buffer.from('rare')
    const digest = BigInt(`0x${hash('sha256', message, 'hex')}`)
    let found = 0
    for (let r = 1n; found < 4; r++) {
      const sum = pointAt(n + r, r % 2n)
      if (sum === undefined || sum.x >= p) continue
      found++
      const s = 12_345n + r
      const inverted = invert(s, n)
      // The key that makes (r, s) right: (sum − u1 × G) / u2.
      const key = times(invert(mod(r * inverted, n), n), add(sum, negate(times(mod(digest * inverted, n), generator))))!
      expect(isSignedByKernel(keyOf(key), message, signatureOf(r, s))).toBe(true)
      expect(verifySignature(didKeyOf(key), message, signatureOf(r, s))).toBe(true)
      expect(isSignedByKernel(keyOf(key), message, signatureOf(n + r, s))).toBe(false)
      expect(verifySignature(didKeyOf(key), message, signatureOf(n + r, s))).toBe(false)
    }
  })

  it('S5: refuses zero, the order and what is above it', () => {
    const signer = createSigningKey('k256')
    const message = Buffer.from('a message')
    const signature = signer.sign(message)
    const { key } = publicKeyOf(signer.didKey)
    const r = BigInt(`0x${Buffer.from(signature.subarray(0, 32)).toString('hex')}`)
    const s = BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`)
    expect(isSignedByKernel(key, message, signature)).toBe(true)
    for (const [wrongR, wrongS] of [
      ...[0n, n, 2n ** 256n - 1n].flatMap((wrong) => [
        [wrong, s],
        [r, wrong],
      ]),
      [0n, 0n],
      [s, r],
    ])
      expect(isSignedByKernel(key, message, signatureOf(wrongR!, wrongS!))).toBe(false)
  })

  it('takes keys however OpenSSL came by them', () => {
    const signer = createSigningKey('k256')
    const { key } = publicKeyOf(signer.didKey)
    const again = createPublicKey({ key: key.export({ format: 'jwk' }), format: 'jwk' })
    const message = Buffer.from('a message')
    expect(isSignedByKernel(again, message, signer.sign(message))).toBe(true)
    expect(isSignedByKernel(publicKeyOf(createSigningKey('k256').didKey).key, message, signer.sign(message))).toBe(
      false,
    )
  })

  it('is not there without WebAssembly, and then OpenSSL is asked', () => {
    expect(createK256Kernel('AGFzbQ')).toBeUndefined()
  })
})
