import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import type { Disk } from '../disk/disk.ts'
import { readFile } from '../disk/read-file.ts'
import { systemDisk } from '../disk/system-disk.ts'
import type { Random } from '../random/random.ts'
import { systemRandom } from '../random/system-random.ts'
import { cryptoErrors } from './errors.ts'
import type { Kms, KmsCallOptions, WrappedKey } from './kms.ts'
import { isKeyId } from './sealed-header.ts'
import { secretKeyBytes, secretKeySize, type SecretKeyInput } from './secret-key.ts'

/** Where one key of a {@link localKms} comes from; `generateSecret()` makes its content. */
export type LocalKmsKey =
  | { readonly id: string; readonly secret: SecretKeyInput }
  /** A file with the text, such as a mounted secret. Read at the first use. */
  | { readonly id: string; readonly file: string }
  /** The name of an environment variable with the text. Read at the first use. */
  | { readonly id: string; readonly env: string }

/** Options of {@link localKms}. */
export interface LocalKmsOptions {
  /** The first one wraps, all of them unwrap: put a new key in front, rewrap, then remove the old one. */
  readonly keys: readonly [LocalKmsKey, ...LocalKmsKey[]]
  /** @default systemDisk */
  readonly disk?: Disk | undefined
  /** @default systemRandom */
  readonly random?: Random | undefined
}

const version = 1
const nonceSize = 12
const tagSize = 16
const wrappedSize = 1 + nonceSize + secretKeySize + tagSize
const algorithm = 'aes-256-gcm'
const largestSecretFile = 4096

/**
 * A key management service in this process, with keys from files, environment variables or the host's own secret manager.
 *
 * A wrapped key is version `01`, nonce (12 bytes), AES-256-GCM ciphertext (32 bytes), tag (16 bytes), under a key that HKDF
 * makes of the secret; the key's id and the context are authenticated.
 *
 * @example
 * ```ts
 * import { generateSecret, localKms } from '@exprsn/core/crypto'
 *
 * const kms = localKms({ keys: [{ id: '2026', secret: generateSecret() }] })
 * const wrapped = await kms.wrap(new Uint8Array(32), { context: 'backup' })
 * console.log(wrapped.keyId, (await kms.unwrap(wrapped, { context: 'backup' })).length) // 2026 32
 * ```
 */
export function localKms({ keys, disk = systemDisk, random = systemRandom }: LocalKmsOptions): Kms {
  const sources = new Map(keys.map((key) => [key.id, key]))
  for (const id of sources.keys())
    if (!isKeyId(id)) throw cryptoErrors.CORE_CRYPTO_KEY_INVALID({ id, reason: 'its name is not plain text' })

  const wrappingKey = async (id: string, { signal }: KmsCallOptions): Promise<Uint8Array> => {
    signal?.throwIfAborted()
    const source = sources.get(id)
    if (source === undefined) throw cryptoErrors.CORE_CRYPTO_KMS_KEY_UNKNOWN({ id })
    const secret = secretKeyBytes(id, await secretOf(source, disk))
    const derived = new Uint8Array(hkdfSync('sha256', secret, '', 'exprsn local kms v1', secretKeySize))
    secret.fill(0)
    return derived
  }

  return {
    async wrap(key, options) {
      const keyId = keys[0].id
      const wrapping = await wrappingKey(keyId, options)
      const nonce = random.bytes(nonceSize)
      const cipher = createCipheriv(algorithm, wrapping, nonce)
      cipher.setAAD(authenticated(keyId, options))
      const ciphertext = Buffer.concat([cipher.update(key), cipher.final()])
      wrapping.fill(0)
      return {
        keyId,
        bytes: Uint8Array.from(Buffer.concat([[version], nonce, ciphertext, cipher.getAuthTag()].map(asBytes))),
      }
    },
    async unwrap(wrapped, options) {
      const wrapping = await wrappingKey(wrapped.keyId, options)
      try {
        return unwrapWith(wrapping, wrapped, options)
      } finally {
        wrapping.fill(0)
      }
    },
  }
}

function asBytes(bytes: Uint8Array | readonly number[]): Uint8Array {
  return Uint8Array.from(bytes)
}

async function secretOf(key: LocalKmsKey, disk: Disk): Promise<SecretKeyInput> {
  if ('secret' in key) return key.secret
  if ('file' in key) return Buffer.from(await readFile(disk, key.file, { limit: largestSecretFile })).toString()
  const text = process.env[key.env]
  if (text === undefined || text === '')
    throw cryptoErrors.CORE_CRYPTO_SECRET_MISSING({ source: `the environment variable ${key.env}` })
  return text
}

function unwrapWith(wrapping: Uint8Array, { keyId, bytes }: WrappedKey, options: KmsCallOptions): Uint8Array {
  const failed = () => cryptoErrors.CORE_CRYPTO_UNWRAP_FAILED({ id: keyId })
  if (bytes.length !== wrappedSize || bytes[0] !== version) throw failed()
  const body = bytes.subarray(1 + nonceSize, wrappedSize - tagSize)
  const decipher = createDecipheriv(algorithm, wrapping, bytes.subarray(1, 1 + nonceSize), { authTagLength: tagSize })
  decipher.setAAD(authenticated(keyId, options))
  decipher.setAuthTag(bytes.subarray(wrappedSize - tagSize))
  const key = decipher.update(body)
  try {
    decipher.final()
  } catch {
    key.fill(0)
    throw failed()
  }
  return Uint8Array.from(key)
}

/** The id has no zero byte in it, so that no other pair of id and context gives the same bytes. */
function authenticated(keyId: string, { context }: KmsCallOptions): Uint8Array {
  return Buffer.from(`exprsn local kms v1\0${keyId}\0${context}`)
}
