import { cryptoErrors } from './errors.ts'
import type { WrappedKey } from './kms.ts'
import { isKeyId } from './sealed-header.ts'

/**
 * A keyring as JSON, to be saved in a file, a table or a secret store: its keys are wrapped, so that it is useless without
 * the key management service.
 */
export interface KeyringDocument {
  readonly version: 1
  /** The id of the key that seals; null in an empty keyring. */
  readonly primary: string | null
  readonly keys: readonly SavedKey[]
}

/** One key of a {@link KeyringDocument}. */
export interface SavedKey {
  readonly id: string
  /** Messages it had sealed when the document was made. */
  readonly messages: number
  /** Null when the key was retired: only its name is left. */
  readonly wrapped: { readonly kmsKey: string; readonly bytes: string } | null
}

/** One key as the keyring works with it. */
export interface KeyEntry {
  readonly id: string
  messages: number
  retired: boolean
  /** 32 bytes, once they are known. */
  secret: Uint8Array | undefined
  wrapped: WrappedKey | undefined
}

/** The entries of a document that comes from outside. Throws `CORE_CRYPTO_KEYRING_INVALID` with the path of what is wrong. */
export function entriesOf(document: KeyringDocument): KeyEntry[] {
  if (document.version !== 1) throw invalid('version is not 1')
  if (!Array.isArray(document.keys)) throw invalid('keys is not a list')
  const entries = document.keys.map((key: SavedKey, index) => entryOf(key, `keys[${index}]`))
  const twice = entries.find(({ id }, index) => entries.findIndex((other) => other.id === id) !== index)
  if (twice !== undefined) throw invalid(`the key "${twice.id}" stands in it twice`)
  const { primary } = document
  if (primary !== null && !entries.some(({ id, retired }) => id === primary && !retired))
    throw invalid('primary names no key that can seal')
  return entries
}

function entryOf(key: Partial<SavedKey> | null, path: string): KeyEntry {
  const { id, messages, wrapped } = key ?? {}
  if (typeof id !== 'string' || !isKeyId(id)) throw invalid(`${path}.id is not a name`)
  if (!Number.isSafeInteger(messages) || messages! < 0) throw invalid(`${path}.messages is not a count`)
  const retired = wrapped === null
  return {
    id,
    messages: messages!,
    retired,
    secret: undefined,
    wrapped: retired ? undefined : wrappedOf(wrapped, path),
  }
}

function wrappedOf(wrapped: SavedKey['wrapped'] | undefined, path: string): WrappedKey {
  if (typeof wrapped?.kmsKey !== 'string') throw invalid(`${path}.wrapped.kmsKey is not a name`)
  if (typeof wrapped.bytes !== 'string' || !/^[\w+/-]+={0,2}$/.test(wrapped.bytes))
    throw invalid(`${path}.wrapped.bytes is not base64`)
  return { keyId: wrapped.kmsKey, bytes: Uint8Array.from(Buffer.from(wrapped.bytes, 'base64')) }
}

function invalid(reason: string) {
  return cryptoErrors.CORE_CRYPTO_KEYRING_INVALID({ reason })
}

/** The document of a keyring whose living keys are all wrapped. */
export function documentOf(primary: string | undefined, entries: Iterable<KeyEntry>): KeyringDocument {
  const keys = Array.from(entries, ({ id, messages, wrapped }) => ({
    id,
    messages,
    wrapped:
      wrapped === undefined ? null : { kmsKey: wrapped.keyId, bytes: Buffer.from(wrapped.bytes).toString('base64') },
  }))
  return { version: 1, primary: primary ?? null, keys }
}
