import { describe, expect, it } from 'vitest'
import { kmsConformance } from '../testing/kms-conformance.ts'
import { createSimulatedDisk } from '../testing/disk/simulated-disk.ts'
import { localKms, type LocalKmsKey } from './local-kms.ts'
import { generateSecret } from './secret-key.ts'

const context = { context: 'test' }
const key = Uint8Array.from({ length: 32 }, (_, index) => index)

describe('localKms', () => {
  it.each(kmsConformance)('$name', async ({ run }) => {
    const kms = localKms({ keys: [{ id: 'first', secret: generateSecret() }] })
    await expect(run(kms)).resolves.toBeUndefined()
  })

  it('reads a key from a file, line break or not, at the first use', async () => {
    const disk = createSimulatedDisk()
    const secret = generateSecret()
    const kms = localKms({ keys: [{ id: 'k', file: '/secret' }], disk })
    await expect(kms.wrap(key, context)).rejects.toMatchObject({ code: 'CORE_DISK_NOT_FOUND' })
    const file = await disk.open('/secret', 'create')
    await file.write(Buffer.from(`${secret}\n`), 0)
    await file.close()
    const wrapped = await kms.wrap(key, context)
    expect(await localKms({ keys: [{ id: 'k', secret }] }).unwrap(wrapped, context)).toEqual(key)
  })

  it('reads a key from the environment, in hexadecimal or base64', async () => {
    const bytes = Buffer.from(generateSecret(), 'base64')
    process.env.EXPRSN_TEST_KMS_SECRET = bytes.toString('hex')
    try {
      const kms = localKms({ keys: [{ id: 'k', env: 'EXPRSN_TEST_KMS_SECRET' }] })
      const wrapped = await kms.wrap(key, context)
      process.env.EXPRSN_TEST_KMS_SECRET = bytes.toString('base64url')
      expect(await kms.unwrap(wrapped, context)).toEqual(key)
      process.env.EXPRSN_TEST_KMS_SECRET = ''
      await expect(kms.wrap(key, context)).rejects.toMatchObject({ code: 'CORE_CRYPTO_SECRET_MISSING' })
    } finally {
      delete process.env.EXPRSN_TEST_KMS_SECRET
    }
  })

  it('wraps with its first key and unwraps with all', async () => {
    const [older, newer]: LocalKmsKey[] = [
      { id: 'older', secret: generateSecret() },
      { id: 'newer', secret: generateSecret() },
    ]
    const before = await localKms({ keys: [older!] }).wrap(key, context)
    const kms = localKms({ keys: [newer!, older!] })
    expect(await kms.unwrap(before, context)).toEqual(key)
    expect((await kms.wrap(key, context)).keyId).toBe('newer')
  })

  it('refuses the secret of another key under the same name, without showing it', async () => {
    const wrapped = await localKms({ keys: [{ id: 'k', secret: generateSecret() }] }).wrap(key, context)
    const secret = generateSecret()
    const thrown = await localKms({ keys: [{ id: 'k', secret }] })
      .unwrap(wrapped, context)
      .catch((error: unknown) => error)
    expect(thrown).toMatchObject({ code: 'CORE_CRYPTO_UNWRAP_FAILED' })
    expect(JSON.stringify(thrown)).not.toContain(secret)
  })

  it('refuses names and secrets that are none', async () => {
    expect(() => localKms({ keys: [{ id: 'a b', secret: generateSecret() }] })).toThrow(/"a b"/)
    const kms = localKms({ keys: [{ id: 'a', secret: 'password' }] })
    const thrown = await kms.wrap(key, context).catch((error: unknown) => error)
    expect(thrown).toMatchObject({ code: 'CORE_CRYPTO_KEY_INVALID' })
    expect(String(thrown)).not.toContain('password')
  })
})
