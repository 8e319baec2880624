/** A key that a key management service has encrypted. */
export interface WrappedKey {
  /** Names the service's key that wrapped it. */
  readonly keyId: string
  /** Opaque to everyone but the service. */
  readonly bytes: Uint8Array
}

/** Options of a call to a {@link Kms}. */
export interface KmsCallOptions {
  /** What the key is for; unwrapping needs the same. */
  readonly context: string
  /** Ends the request. */
  readonly signal?: AbortSignal | undefined
}

/**
 * A key management service: it holds keys that never leave it, and wraps others with them. `kmsConformance` (from
 * `@exprsn/core/testing`) says what it has to do.
 */
export interface Kms {
  /** Wraps 32 bytes with the service's current key. */
  wrap(key: Uint8Array, options: KmsCallOptions): Promise<WrappedKey>
  /**
   * The bytes that were wrapped. Throws `CORE_CRYPTO_UNWRAP_FAILED` when they were changed or have another context, and
   * `CORE_CRYPTO_KMS_KEY_UNKNOWN` for a key it does not have.
   */
  unwrap(wrapped: WrappedKey, options: KmsCallOptions): Promise<Uint8Array>
}
