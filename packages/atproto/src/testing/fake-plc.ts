import { systemRandom, type Random, randomBelow } from '@exprsn/core'

/** What the directory knows of an identity. */
export interface FakeIdentity {
  readonly did: string
  readonly handle: string
  /** The key of its repository as a did:key. */
  readonly signingKey: string
  /** Base URL of its host. */
  readonly pds: string
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

/** Options of {@link FakePlc}. */
export interface FakePlcOptions {
  /** @default systemRandom */
  readonly random?: Random | undefined
}

/**
 * A directory of did:plc identities in memory. It answers documents; operations and their log are the real directory's: use
 * that where they matter.
 *
 * @example
 * ```ts
 * import { FakePlc } from '@exprsn/atproto/testing'
 *
 * const plc = new FakePlc()
 * const did = plc.create({ handle: 'alice.test', signingKey: 'did:key:zQ3s', pds: 'http://127.0.0.1:2583' })
 * console.log(plc.document(did)?.alsoKnownAs) // [ 'at://alice.test' ]
 * ```
 */
export class FakePlc {
  readonly #random: Random
  readonly #identities = new Map<string, FakeIdentity | undefined>()

  constructor({ random = systemRandom }: FakePlcOptions = {}) {
    this.#random = random
  }

  /** Enters an identity under a new DID. */
  create(identity: Omit<FakeIdentity, 'did'>): string {
    const did = `did:plc:${Array.from({ length: 24 }, () => alphabet[randomBelow(this.#random, 32)]).join('')}`
    this.#identities.set(did, { ...identity, did })
    return did
  }

  /** Changes an identity's handle, key or host. */
  update(did: string, changes: Partial<Omit<FakeIdentity, 'did'>>): void {
    const known = this.#identities.get(did)
    if (known !== undefined) this.#identities.set(did, { ...known, ...changes })
  }

  /** Ends an identity: from here on it answers 410. */
  tombstone(did: string): void {
    this.#identities.set(did, undefined)
  }

  /** The identity; undefined when there is none, or none any more. */
  get(did: string): FakeIdentity | undefined {
    return this.#identities.get(did)
  }

  /** The DID of a handle. */
  resolveHandle(handle: string): string | undefined {
    for (const identity of this.#identities.values()) if (identity?.handle === handle) return identity.did
    return undefined
  }

  /** The identity document. */
  document(did: string): Readonly<Record<string, unknown>> | undefined {
    const identity = this.get(did)
    if (identity === undefined) return undefined
    const { handle, signingKey, pds } = identity
    return {
      '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1'],
      id: did,
      alsoKnownAs: [`at://${handle}`],
      verificationMethod: [
        { id: `${did}#atproto`, type: 'Multikey', controller: did, publicKeyMultibase: signingKey.slice(8) },
      ],
      service: [{ id: '#atproto_pds', type: 'AtprotoPersonalDataServer', serviceEndpoint: pds }],
    }
  }

  /** What the directory's HTTP interface answers to `GET /<did>`. */
  answer(path: string): { readonly status: number; readonly body: unknown } {
    const did = decodeURIComponent(path.slice(1))
    const document = this.document(did)
    if (document !== undefined) return { status: 200, body: document }
    const status = this.#identities.has(did) ? 410 : 404
    return { status, body: { message: `DID not ${status === 410 ? 'available' : 'registered'}: ${did}` } }
  }
}
