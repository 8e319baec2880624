import { hkdfSync } from 'node:crypto'
import { systemRandom } from '../random/system-random.ts'
import type { Random } from '../random/random.ts'
import { createIdGenerator } from '../id/uuid.ts'
import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { cryptoErrors } from './errors.ts'
import type { KeyDescription, Keyring, KeyringCallOptions, MessageKey } from './keyring.ts'
import { documentOf, entriesOf, type KeyEntry, type KeyringDocument } from './keyring-document.ts'
import type { Kms, WrappedKey } from './kms.ts'
import { isKeyId } from './sealed-header.ts'
import { secretKeyBytes, secretKeySize, type SecretKeyInput } from './secret-key.ts'

/** A key that the host holds itself. */
export interface PlainKey {
  /** 1 to 64 letters, digits, `.`, `_`, `:`, `/` and `-`. It stands readable in every message. */
  readonly id: string
  readonly secret: SecretKeyInput
}

/** Options of {@link createKeyring}. */
export interface KeyringOptions {
  /**
   * The host's keys, of which the first one seals; or what `export()` gave, which needs `kms`.
   * @default none: call rotate()
   */
  readonly keys?: readonly PlainKey[] | KeyringDocument | undefined
  /** Wraps the keys for `export()` and unwraps those of a document, each at its first use. @default none */
  readonly kms?: Kms | undefined
  /** Messages that one key may seal. @default 4294967296 */
  readonly messageLimit?: number | undefined
  /** Where new keys come from. @default systemRandom */
  readonly random?: Random | undefined
  /** The ids of new keys begin with the time. @default systemClock */
  readonly clock?: Clock | undefined
}

const mostMessages = 2 ** 32

/**
 * Makes a keyring of keys that the host holds, or of a saved document and the service that unwraps it.
 *
 * @throws `CORE_CRYPTO_KEY_INVALID`, `CORE_CRYPTO_KEYRING_INVALID`, `CORE_CRYPTO_KMS_MISSING`, `CORE_CRYPTO_OPTION_INVALID`
 * @example
 * ```ts
 * import { createKeyring, generateSecret, localKms, open, seal } from '@exprsn/core/crypto'
 *
 * const kms = localKms({ keys: [{ id: 'master', secret: generateSecret() }] })
 * const keyring = createKeyring({ kms })
 * keyring.rotate()
 * const sealed = await seal(Buffer.from('kept'), { keyring })
 *
 * const document = JSON.stringify(await keyring.export()) // save this
 * const later = createKeyring({ keys: JSON.parse(document), kms })
 * console.log(Buffer.from(await open(sealed, { keyring: later })).toString()) // kept
 * ```
 */
export function createKeyring(options: KeyringOptions = {}): Keyring {
  return new MemoryKeyring(options)
}

/** A class for its private fields: printing or serialising one shows no key. */
class MemoryKeyring implements Keyring {
  readonly #entries: Map<string, KeyEntry>
  readonly #loading = new Map<string, Promise<void>>()
  readonly #limit: number
  readonly #random: Random
  readonly #createId: () => string
  #primary: string | undefined
  #kms: Kms | undefined
  #closed = false

  constructor({
    keys = [],
    kms,
    messageLimit = mostMessages,
    random = systemRandom,
    clock = systemClock,
  }: KeyringOptions) {
    if (!(Number.isInteger(messageLimit) && messageLimit >= 1 && messageLimit <= mostMessages))
      throw cryptoErrors.CORE_CRYPTO_OPTION_INVALID({
        option: 'messageLimit',
        reason: `it must be 1 to ${mostMessages}`,
      })
    const saved = isList(keys) ? undefined : keys
    if (saved !== undefined && kms === undefined) throw kmsMissing('open a saved document')
    const entries = isList(keys) ? keys.map(plainEntry) : entriesOf(keys)
    this.#entries = new Map(entries.map((entry) => [entry.id, entry]))
    if (this.#entries.size < entries.length) throw invalidKey(entries.at(-1)!.id, 'a name stands twice in the list')
    this.#primary = saved === undefined ? entries[0]?.id : (saved.primary ?? undefined)
    this.#kms = kms
    this.#limit = messageLimit
    this.#random = random
    this.#createId = createIdGenerator({ random, clock })
  }

  async sealingKey(options: KeyringCallOptions = {}): Promise<MessageKey> {
    this.#assertOpen()
    if (this.#primary === undefined) throw cryptoErrors.CORE_CRYPTO_KEYRING_EMPTY()
    const entry = this.#entryOf(this.#primary)
    await this.#load(entry, options)
    if (entry.messages >= this.#limit)
      throw cryptoErrors.CORE_CRYPTO_KEY_EXHAUSTED({ id: entry.id, limit: this.#limit })
    entry.messages++
    return this.#messageKey(entry)
  }

  async openingKey(id: string, options: KeyringCallOptions = {}): Promise<MessageKey> {
    this.#assertOpen()
    const entry = this.#entryOf(id)
    await this.#load(entry, options)
    return this.#messageKey(entry)
  }

  keys(): readonly KeyDescription[] {
    return Array.from(this.#entries.values(), ({ id, retired, messages, wrapped }) => ({
      id,
      state: retired ? 'retired' : id === this.#primary ? 'primary' : 'active',
      messages,
      wrappedBy: wrapped?.keyId,
    }))
  }

  rotate({ id = this.#createId() }: { readonly id?: string | undefined } = {}): string {
    this.#assertOpen()
    if (!isKeyId(id)) throw invalidKey(id, 'its name is not plain text')
    if (this.#entries.has(id)) throw invalidKey(id, 'there is a key of this name')
    const secret = this.#random.bytes(secretKeySize)
    this.#entries.set(id, { id, messages: 0, retired: false, secret, wrapped: undefined })
    this.#primary = id
    return id
  }

  async rewrap({
    kms = this.#kms,
    signal,
  }: KeyringCallOptions & { readonly kms?: Kms | undefined } = {}): Promise<void> {
    this.#assertOpen()
    if (kms === undefined) throw kmsMissing('wrap its keys')
    const wrapped = new Map<KeyEntry, WrappedKey>()
    for (const entry of this.#living()) {
      await this.#load(entry, { signal })
      wrapped.set(entry, await wrapEntry(kms, entry, signal))
    }
    // All or nothing: a service that fails halfway leaves the keyring as it was.
    for (const [entry, key] of wrapped) if (!entry.retired) entry.wrapped = key
    this.#kms = kms
  }

  retire(id: string): void {
    this.#assertOpen()
    const entry = this.#entries.get(id)
    if (entry === undefined) throw cryptoErrors.CORE_CRYPTO_KEY_UNKNOWN({ id })
    if (id === this.#primary) throw cryptoErrors.CORE_CRYPTO_KEY_IN_USE({ id })
    entry.secret?.fill(0)
    Object.assign(entry, { retired: true, secret: undefined, wrapped: undefined })
  }

  async export({ signal }: KeyringCallOptions = {}): Promise<KeyringDocument> {
    this.#assertOpen()
    for (const entry of this.#living()) {
      if (entry.wrapped !== undefined) continue
      if (this.#kms === undefined) throw kmsMissing('wrap its keys')
      const wrapped = await wrapEntry(this.#kms, entry, signal)
      if (!entry.retired) entry.wrapped = wrapped
    }
    return documentOf(this.#primary, this.#entries.values())
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const entry of this.#entries.values()) {
      entry.secret?.fill(0)
      entry.secret = undefined
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #living(): KeyEntry[] {
    return [...this.#entries.values()].filter(({ retired }) => !retired)
  }

  #assertOpen(): void {
    if (this.#closed) throw cryptoErrors.CORE_CRYPTO_KEYRING_CLOSED()
  }

  #entryOf(id: string): KeyEntry {
    const entry = this.#entries.get(id)
    if (entry === undefined) throw cryptoErrors.CORE_CRYPTO_KEY_UNKNOWN({ id })
    if (entry.retired) throw cryptoErrors.CORE_CRYPTO_KEY_RETIRED({ id })
    return entry
  }

  /** Unwraps a key once, however many ask for it at the same time; a failure is forgotten, so that it can be tried again. */
  async #load(entry: KeyEntry, { signal }: KeyringCallOptions): Promise<void> {
    signal?.throwIfAborted()
    if (entry.secret !== undefined) return
    const loading = this.#loading.get(entry.id) ?? this.#unwrap(entry).finally(() => this.#loading.delete(entry.id))
    this.#loading.set(entry.id, loading)
    await loading
    signal?.throwIfAborted()
  }

  async #unwrap(entry: KeyEntry): Promise<void> {
    const secret = await this.#kms!.unwrap(entry.wrapped!, { context: contextOf(entry) })
    if (secret.length !== secretKeySize) throw cryptoErrors.CORE_CRYPTO_UNWRAP_FAILED({ id: entry.wrapped!.keyId })
    if (this.#closed || entry.retired) secret.fill(0)
    else entry.secret = secret
  }

  #messageKey(entry: KeyEntry): MessageKey {
    const derive = (salt: Uint8Array, info: Uint8Array, length: number): Uint8Array => {
      this.#assertOpen()
      if (entry.secret === undefined) throw cryptoErrors.CORE_CRYPTO_KEY_RETIRED({ id: entry.id })
      return new Uint8Array(hkdfSync('sha256', entry.secret, salt, info, length))
    }
    return { id: entry.id, derive }
  }
}

function isList(keys: readonly PlainKey[] | KeyringDocument): keys is readonly PlainKey[] {
  return Array.isArray(keys)
}

function plainEntry({ id, secret }: PlainKey): KeyEntry {
  if (!isKeyId(id)) throw invalidKey(id, 'its name is not plain text')
  return { id, messages: 0, retired: false, secret: secretKeyBytes(id, secret), wrapped: undefined }
}

/** A key unwraps only under the name it was wrapped for. */
function contextOf({ id }: KeyEntry): string {
  return `exprsn keyring key ${id}`
}

function wrapEntry(kms: Kms, entry: KeyEntry, signal: AbortSignal | undefined): Promise<WrappedKey> {
  return kms.wrap(entry.secret!, { context: contextOf(entry), signal })
}

function invalidKey(id: string, reason: string) {
  return cryptoErrors.CORE_CRYPTO_KEY_INVALID({ id, reason })
}

function kmsMissing(action: string) {
  return cryptoErrors.CORE_CRYPTO_KMS_MISSING({ action })
}
