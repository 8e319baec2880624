import { ExprsnError, systemClock, systemRandom, type Clock, type Random } from '@exprsn/core'
import { open, seal, type Keyring } from '@exprsn/core/crypto'
import type { ObjectStore } from '@exprsn/core/storage'
import type { Curve } from '../../codec/index.ts'
import { createSigningKey, importSigningKey, type SigningKey } from '../../crypto/index.ts'
import { identityErrors } from '../errors.ts'
import type { Signer } from '../plc/plc-signature.ts'
import {
  formatKeyEntry,
  readKeyEntry,
  sealingContext,
  type KeptKey,
  type KeyEntry,
  type KeyPurpose,
} from './key-entry.ts'

/** Options of {@link createKeyCustody}. */
export interface KeyCustodyOptions {
  /** Where the sealed keys lie. */
  readonly store: ObjectStore
  /** Seals and opens them. */
  readonly keyring: Keyring
  /** What this process may use keys for. Rotation keys do not belong where posts are written. @default ['signing'] */
  readonly purposes?: readonly KeyPurpose[] | undefined
  /** Put before the names in the store. @default 'keys/' */
  readonly prefix?: string | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** Where new keys come from. @default systemRandom */
  readonly random?: Random | undefined
}

/** What a key is for. */
export interface NewKey {
  readonly curve: Curve
  /** `signing`: the repository; `rotation`: the identity itself. */
  readonly purpose: KeyPurpose
}

/** Every operation can be given up. */
export interface CustodyCallOptions {
  /** Gives up, also on the way to the directory. */
  readonly signal?: AbortSignal | undefined
}

/** Keeps private keys sealed. None of its answers shows one. */
export interface KeyCustody {
  /** Makes a key. @throws `ATPROTO_KEY_EXISTS`, `ATPROTO_KEY_NAME_INVALID`, `ATPROTO_KEY_PURPOSE_REFUSED` */
  create(name: string, key: NewKey, options?: CustodyCallOptions): Promise<KeptKey>
  /** Keeps a key that was made elsewhere. @throws As `create`, and `ATPROTO_KEY_INVALID` */
  import(name: string, key: NewKey & { readonly bytes: Uint8Array }, options?: CustodyCallOptions): Promise<KeptKey>
  /** Tells of a key, whatever it is for. @throws `ATPROTO_KEY_UNKNOWN`, `ATPROTO_KEY_DAMAGED` */
  describe(name: string, options?: CustodyCallOptions): Promise<KeptKey>
  /** The names of all keys, in order. */
  list(options?: CustodyCallOptions): Promise<readonly string[]>
  /**
   * Signs with a key. The key is opened for each signature and forgotten after it.
   *
   * @throws `ATPROTO_KEY_UNKNOWN`, `ATPROTO_KEY_DAMAGED`, `ATPROTO_KEY_PURPOSE_REFUSED`, also when it signs
   */
  signer(name: string, options?: CustodyCallOptions): Promise<Signer>
  /** Seals a key again under the keyring's primary key, after that was rotated. */
  reseal(name: string, options?: CustodyCallOptions): Promise<void>
  /** Forgets a key for ever. `confirm` is its did:key. @throws `ATPROTO_KEY_UNKNOWN`, `ATPROTO_KEY_DAMAGED` */
  remove(name: string, options: CustodyCallOptions & { readonly confirm: string }): Promise<void>
}

/**
 * Keeps the private keys of accounts in an object store, each sealed by a keyring and bound to its name, its purpose and
 * its public half: whoever can write to the store can delete keys, but not swap them.
 *
 * @throws nothing; the store is touched by its methods alone
 * @example
 * ```ts
 * import { createKeyring, generateSecret } from '@exprsn/core/crypto'
 * import { memoryStore } from '@exprsn/core/storage'
 * import { verifySignature } from '@exprsn/atproto/crypto'
 * import { createKeyCustody } from '@exprsn/atproto/identity'
 *
 * const keyring = createKeyring({ keys: [{ id: 'main', secret: generateSecret() }] })
 * const custody = createKeyCustody({ store: memoryStore(), keyring })
 * const { didKey } = await custody.create('alice', { curve: 'k256', purpose: 'signing' })
 * const signer = await custody.signer('alice')
 * const message = Buffer.from('hello')
 * console.log(verifySignature(didKey, message, await signer.sign(message))) // true
 * ```
 */
export function createKeyCustody(options: KeyCustodyOptions): KeyCustody {
  return new StoredCustody(options)
}

class StoredCustody implements KeyCustody {
  readonly #store: ObjectStore
  readonly #keyring: Keyring
  readonly #purposes: ReadonlySet<KeyPurpose>
  readonly #prefix: string
  readonly #clock: Clock
  readonly #random: Random

  constructor(options: KeyCustodyOptions) {
    const {
      store,
      keyring,
      purposes = ['signing'],
      prefix = 'keys/',
      clock = systemClock,
      random = systemRandom,
    } = options
    this.#store = store
    this.#keyring = keyring
    this.#purposes = new Set(purposes)
    this.#prefix = prefix
    this.#clock = clock
    this.#random = random
  }

  create(name: string, { curve, purpose }: NewKey, options: CustodyCallOptions = {}): Promise<KeptKey> {
    return this.#keep(name, purpose, () => createSigningKey(curve, { random: this.#random }), options)
  }

  import(
    name: string,
    { curve, purpose, bytes }: NewKey & { readonly bytes: Uint8Array },
    options: CustodyCallOptions = {},
  ): Promise<KeptKey> {
    return this.#keep(name, purpose, () => importSigningKey(curve, bytes), options)
  }

  async describe(name: string, options: CustodyCallOptions = {}): Promise<KeptKey> {
    const { sealed: _, ...kept } = (await this.#load(name, options)).entry
    return kept
  }

  async list({ signal }: CustodyCallOptions = {}): Promise<readonly string[]> {
    const names: string[] = []
    for await (const { key } of this.#store.list({ prefix: this.#prefix, signal }))
      names.push(key.slice(this.#prefix.length))
    return names
  }

  async signer(name: string, options: CustodyCallOptions = {}): Promise<Signer> {
    const { entry } = await this.#load(name, options)
    this.#checkPurpose(entry)
    // Opened once now, so that a key that cannot sign is found before it has to.
    await this.#open(entry, options)
    return { didKey: entry.didKey, sign: async (message) => (await this.#open(entry, {})).sign(message) }
  }

  async reseal(name: string, options: CustodyCallOptions = {}): Promise<void> {
    const { entry, etag } = await this.#load(name, options)
    this.#checkPurpose(entry)
    const key = await this.#open(entry, options)
    const again = await this.#seal(entry, key, options)
    await this.#store.put(this.#keyOf(name), formatKeyEntry(again), { ifMatch: etag, signal: options.signal })
  }

  async remove(name: string, { confirm, signal }: CustodyCallOptions & { readonly confirm: string }): Promise<void> {
    const { entry } = await this.#load(name, { signal })
    if (entry.didKey !== confirm) throw damaged(name, 'it is not the one that was named')
    await this.#store.delete(this.#keyOf(name), { signal })
  }

  async #keep(
    name: string,
    purpose: KeyPurpose,
    make: () => SigningKey,
    { signal }: CustodyCallOptions,
  ): Promise<KeptKey> {
    const place = this.#keyOf(name)
    this.#checkPurpose({ name, purpose })
    const key = make()
    const { curve, didKey } = key
    const kept = { name, purpose, curve, didKey, createdAt: new Date(this.#clock.now()) }
    const entry = await this.#seal(kept, key, { signal })
    try {
      await this.#store.put(place, formatKeyEntry(entry), { ifNoneMatch: '*', signal })
    } catch (cause) {
      if (codeOf(cause) === 'CORE_STORAGE_CONFLICT') throw identityErrors.ATPROTO_KEY_EXISTS({ name }, { cause })
      throw cause
    }
    return kept
  }

  async #load(
    name: string,
    { signal }: CustodyCallOptions,
  ): Promise<{ readonly entry: KeyEntry; readonly etag: string }> {
    try {
      const object = await this.#store.get(this.#keyOf(name), { signal })
      return { entry: readKeyEntry(name, await object.bytes()), etag: object.etag }
    } catch (cause) {
      if (codeOf(cause) === 'CORE_STORAGE_NOT_FOUND') throw identityErrors.ATPROTO_KEY_UNKNOWN({ name }, { cause })
      throw cause
    }
  }

  async #seal(kept: KeptKey, key: SigningKey, { signal }: CustodyCallOptions): Promise<KeyEntry> {
    const bytes = key.export()
    const sealed = await seal(bytes, { keyring: this.#keyring, context: sealingContext(kept), signal })
    bytes.fill(0)
    return { ...kept, sealed: Buffer.from(sealed).toString('base64') }
  }

  async #open(entry: KeyEntry, { signal }: CustodyCallOptions): Promise<SigningKey> {
    const sealed = Buffer.from(entry.sealed, 'base64')
    let bytes: Uint8Array
    try {
      bytes = await open(sealed, { keyring: this.#keyring, context: sealingContext(entry), signal })
    } catch (cause) {
      signal?.throwIfAborted()
      throw identityErrors.ATPROTO_KEY_DAMAGED({ name: entry.name, reason: 'it does not open' }, { cause })
    }
    const key = importSigningKey(entry.curve, bytes)
    bytes.fill(0)
    return key
  }

  #checkPurpose({ name, purpose }: { readonly name: string; readonly purpose: KeyPurpose }): void {
    if (!this.#purposes.has(purpose)) throw identityErrors.ATPROTO_KEY_PURPOSE_REFUSED({ name, purpose })
  }

  #keyOf(name: string): string {
    if (!/^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$/.test(name)) throw identityErrors.ATPROTO_KEY_NAME_INVALID({ name })
    return `${this.#prefix}${name}`
  }
}

function codeOf(error: unknown): string | undefined {
  return ExprsnError.is(error) ? error.code : undefined
}

function damaged(name: string, reason: string): Error {
  return identityErrors.ATPROTO_KEY_DAMAGED({ name, reason })
}
