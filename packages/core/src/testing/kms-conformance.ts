import assert from 'node:assert/strict'
import type { Kms } from '../crypto/kms.ts'
import { ExprsnError } from '../errors/exprsn-error.ts'
import type { ConformanceCase } from './conformance.ts'

const key = Uint8Array.from({ length: 32 }, (_, index) => index * 7)
const options = { context: 'conformance' }

/**
 * What every key management service has to do.
 *
 * @example
 * ```ts
 * import { generateSecret, localKms } from '@exprsn/core/crypto'
 * import { kmsConformance } from '@exprsn/core/testing'
 *
 * const kms = localKms({ keys: [{ id: 'test', secret: generateSecret() }] })
 * for (const { name, run } of kmsConformance) await run(kms).catch((error: unknown) => console.log('failed:', name, error))
 * ```
 */
export const kmsConformance: readonly ConformanceCase<Kms>[] = [
  {
    name: 'unwraps what it has wrapped',
    async run(kms) {
      const wrapped = await kms.wrap(key, options)
      assert.deepEqual(Uint8Array.from(await kms.unwrap(wrapped, options)), key)
      assert.notEqual(wrapped.keyId, '')
    },
  },
  {
    name: 'leaves the key it was given as it was, and does not show it',
    async run(kms) {
      const given = Uint8Array.from(key)
      const { bytes } = await kms.wrap(given, options)
      assert.deepEqual(given, key)
      assert.equal(Buffer.from(bytes).includes(Buffer.from(key)), false)
    },
  },
  {
    name: 'wraps the same key differently each time',
    async run(kms) {
      const [first, second] = [await kms.wrap(key, options), await kms.wrap(key, options)]
      assert.notDeepEqual(first.bytes, second.bytes)
    },
  },
  {
    name: 'gives bytes that the caller may wipe',
    async run(kms) {
      const wrapped = await kms.wrap(key, options)
      ;(await kms.unwrap(wrapped, options)).fill(0)
      assert.deepEqual(Uint8Array.from(await kms.unwrap(wrapped, options)), key)
    },
  },
  {
    name: 'refuses another context',
    async run(kms) {
      const wrapped = await kms.wrap(key, options)
      await expectCode('CORE_CRYPTO_UNWRAP_FAILED', kms.unwrap(wrapped, { context: 'another' }))
    },
  },
  {
    name: 'refuses wrapped bytes with any byte changed, and cut ones',
    async run(kms) {
      const { keyId, bytes } = await kms.wrap(key, options)
      for (let index = 0; index < bytes.length; index++) {
        const changed = Uint8Array.from(bytes)
        changed[index]! ^= 1
        await expectCode('CORE_CRYPTO_UNWRAP_FAILED', kms.unwrap({ keyId, bytes: changed }, options))
      }
      await expectCode('CORE_CRYPTO_UNWRAP_FAILED', kms.unwrap({ keyId, bytes: bytes.subarray(1) }, options))
      await expectCode('CORE_CRYPTO_UNWRAP_FAILED', kms.unwrap({ keyId, bytes: new Uint8Array() }, options))
    },
  },
  {
    name: 'refuses a key it does not have',
    async run(kms) {
      const { bytes } = await kms.wrap(key, options)
      await expectCode('CORE_CRYPTO_KMS_KEY_UNKNOWN', kms.unwrap({ keyId: 'not-there', bytes }, options))
    },
  },
  {
    name: 'does nothing once the signal has aborted',
    async run(kms) {
      const signal = AbortSignal.abort(new Error('stopped'))
      await assert.rejects(kms.wrap(key, { ...options, signal }), /stopped/)
    },
  },
]

async function expectCode(code: string, promise: Promise<unknown>): Promise<void> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  assert.ok(ExprsnError.is(thrown), `expected ${code}, got ${String(thrown)}`)
  assert.equal(thrown.code, code)
}
