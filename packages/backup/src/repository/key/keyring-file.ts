import { ExprsnError, type Random } from '@exprsn/core'
import type { Keyring } from '@exprsn/core/crypto'
import { formatInstant } from '../tree/instant.ts'
import { masterKeyOf, type MasterKey } from './master-key.ts'

/** One way to open the repository that restic does not know: the master key, sealed by a keyring. */
export interface KeyringFile {
  readonly created: string
  readonly username: string
  readonly hostname: string
  /** Base64 of the sealed master key. */
  readonly data: string
}

/** What a new file is made from. */
export interface NewKeyringFile {
  readonly keyring: Keyring
  readonly random: Random
  readonly now: number
  readonly hostname: string
  readonly username: string
  readonly signal?: AbortSignal | undefined
}

const context = 'exprsn backup master key'

/** Not before it is needed: most repositories are opened with a password. */
const loadSealing = () => import('@exprsn/core/crypto')

/** Seals the master key with the keyring's primary key. */
export async function createKeyringFile(master: MasterKey, options: NewKeyringFile): Promise<KeyringFile> {
  const { keyring, random, now, hostname, username, signal } = options
  const plain = Buffer.concat([master.encrypt, master.macK, master.macR])
  const { seal } = await loadSealing()
  const sealed = await seal(plain, { keyring, context, random, chunkSize: 1_024, signal })
  const created = formatInstant(BigInt(Math.floor(now)) * 1_000_000n)
  return { created, username, hostname, data: Buffer.from(sealed).toString('base64') }
}

/** Reads such a file, or undefined when it is none. */
export function decodeKeyringFile(bytes: Uint8Array): KeyringFile | undefined {
  try {
    const file = JSON.parse(Buffer.from(bytes).toString()) as Partial<KeyringFile> | null
    return typeof file?.data === 'string' ? (file as KeyringFile) : undefined
  } catch {
    return undefined
  }
}

/** Says that the file was sealed by a key that this keyring does not have (any more), or is damaged. Anything else is a failure. */
const foreign: ReadonlySet<string> = new Set([
  'CORE_CRYPTO_KEY_UNKNOWN',
  'CORE_CRYPTO_KEY_RETIRED',
  'CORE_CRYPTO_NOT_SEALED',
  'CORE_CRYPTO_VERSION_UNSUPPORTED',
  'CORE_CRYPTO_TAMPERED',
  'CORE_CRYPTO_TRUNCATED',
  'CORE_CRYPTO_TRAILING_BYTES',
])

/** The master key in a file, or undefined when another keyring sealed it. */
export async function openKeyringFile(
  { data }: KeyringFile,
  keyring: Keyring,
  signal?: AbortSignal,
): Promise<MasterKey | undefined> {
  try {
    const { open } = await loadSealing()
    const plain = await open(Buffer.from(data, 'base64'), { keyring, context, signal })
    return plain.length === 64 ? masterKeyOf(plain) : undefined
  } catch (error) {
    if (!ExprsnError.is(error) || !foreign.has(error.code)) throw error
    return undefined
  }
}
