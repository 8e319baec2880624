import type { KeyringDocument } from './keyring-document.ts'
import type { Kms } from './kms.ts'

/** One key of a keyring, as those who seal and open get it: messages have keys of their own, derived from it. */
export interface MessageKey {
  readonly id: string
  /** HKDF-SHA-256 (RFC 5869) of the key. Throws when the key was retired or the keyring closed meanwhile. */
  derive(salt: Uint8Array, info: Uint8Array, length: number): Uint8Array
}

/** What a keyring tells about one of its keys. */
export interface KeyDescription {
  readonly id: string
  /** `primary` seals and opens, `active` opens, `retired` is only a name. */
  readonly state: 'primary' | 'active' | 'retired'
  /** Messages it has sealed, as far as this keyring and the document it came from know. */
  readonly messages: number
  /** The key of the key management service that wraps it, once it does. */
  readonly wrappedBy: string | undefined
}

/** Options of the keyring's operations. */
export interface KeyringCallOptions {
  /** Ends the waiting for the key service. */
  readonly signal?: AbortSignal | undefined
}

/**
 * The keys of a program. Data is sealed by data keys; a key management service, when there is one, wraps only those
 * (envelope encryption). Nothing of it prints a key.
 */
export interface Keyring {
  /** The primary key, counted as used once. Throws `CORE_CRYPTO_KEYRING_EMPTY`, `CORE_CRYPTO_KEY_EXHAUSTED`. */
  sealingKey(options?: KeyringCallOptions): Promise<MessageKey>
  /** The key of a message. Throws `CORE_CRYPTO_KEY_UNKNOWN`, `CORE_CRYPTO_KEY_RETIRED`. */
  openingKey(id: string, options?: KeyringCallOptions): Promise<MessageKey>
  keys(): readonly KeyDescription[]
  /** Makes a new key the primary one and returns its id. Older messages stay readable. Save `export()` before sealing. */
  rotate(options?: { readonly id?: string | undefined }): string
  /**
   * Wraps every key with the current key of the service, or of another one that is used from then on. Messages stay as
   * they are. Save `export()` afterwards.
   */
  rewrap(options?: KeyringCallOptions & { readonly kms?: Kms | undefined }): Promise<void>
  /**
   * Forgets a key for ever, and with it all that it sealed: the way to delete data of which copies are out of reach, once
   * every saved document is replaced. Throws `CORE_CRYPTO_KEY_IN_USE` for the primary key.
   */
  retire(id: string): void
  /** The keyring as JSON with wrapped keys. Throws `CORE_CRYPTO_KMS_MISSING`. */
  export(options?: KeyringCallOptions): Promise<KeyringDocument>
  /** Wipes the keys from memory, as far as JavaScript allows: what the cipher copied is the runtime's. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}
