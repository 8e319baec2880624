import type { Random } from '@exprsn/core'
import { openSealed, sealPlain } from '../../seal/index.ts'
import { formatInstant } from '../tree/instant.ts'
import { deriveKey, type DeriveKeyOptions } from './derive-key.ts'
import type { MasterKey } from './master-key.ts'
import { defaultScryptCost, type ScryptCost } from './scrypt-cost.ts'

/** One way to open the repository: the master key, sealed under a password (restic's format, "Keys, Encryption and MAC"). */
export interface KeyFile {
  readonly created: string
  readonly username: string
  readonly hostname: string
  readonly kdf: 'scrypt'
  readonly N: number
  readonly r: number
  readonly p: number
  /** Base64. */
  readonly salt: string
  /** Base64 of the sealed JSON of the master key. */
  readonly data: string
}

/** What a new key file is made from. */
export interface NewKeyFile {
  readonly password: string
  readonly random: Random
  readonly now: number
  readonly hostname: string
  readonly username: string
  /** @default {@link defaultScryptCost} */
  readonly cost?: ScryptCost | undefined
}

/** Seals the master key under a password. */
export async function createKeyFile(master: MasterKey, options: NewKeyFile): Promise<KeyFile> {
  const { password, random, now, hostname, username, cost = defaultScryptCost } = options
  const salt = random.bytes(64)
  const slot = await deriveKey(password, salt, cost)
  const plain = {
    mac: { k: base64(master.macK), r: base64(master.macR) },
    encrypt: base64(master.encrypt),
  }
  const data = base64(sealPlain(slot, Buffer.from(JSON.stringify(plain)), random))
  const created = formatInstant(BigInt(Math.floor(now)) * 1_000_000n)
  return { created, username, hostname, kdf: 'scrypt', N: cost.N, r: cost.r, p: cost.p, salt: base64(salt), data }
}

/** Reads a key file, or undefined when it is none that we know. */
export function decodeKeyFile(bytes: Uint8Array): KeyFile | undefined {
  try {
    const file = JSON.parse(Buffer.from(bytes).toString()) as Partial<KeyFile> | null
    const texts = [file?.salt, file?.data].every((value) => typeof value === 'string')
    const counts = [file?.N, file?.r, file?.p].every((value) => typeof value === 'number')
    return texts && counts && file?.kdf === 'scrypt' ? (file as KeyFile) : undefined
  } catch {
    return undefined
  }
}

/** The master key in a key file, or undefined when the password is another. */
export async function openKeyFile(
  file: KeyFile,
  password: string,
  options?: DeriveKeyOptions,
): Promise<MasterKey | undefined> {
  const slot = await deriveKey(password, Buffer.from(file.salt, 'base64'), file, options)
  const plain = openSealed(slot, Buffer.from(file.data, 'base64'))
  return plain && decodeMasterKey(plain)
}

interface MasterKeyRow {
  readonly mac?: { readonly k?: string; readonly r?: string }
  readonly encrypt?: string
}

function decodeMasterKey(plain: Uint8Array): MasterKey | undefined {
  const row = JSON.parse(Buffer.from(plain).toString()) as MasterKeyRow
  const [encrypt, macK, macR] = [row.encrypt, row.mac?.k, row.mac?.r].map((text) =>
    Uint8Array.from(Buffer.from(text ?? '', 'base64')),
  )
  return encrypt!.length === 32 && macK!.length === 16 && macR!.length === 16
    ? { encrypt: encrypt!, macK: macK!, macR: macR! }
    : undefined
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')
