import { Cid, cidOf, decodeCbor, encodeCbor, isTid, type CarBlock, type DataObject } from '../codec/index.ts'
import { verifySignature, type SigningKey } from '../crypto/index.ts'
import { repoErrors } from './errors.ts'

/** What a signed commit says. */
export interface Commit {
  readonly did: string
  /** 3; older repositories have 2. */
  readonly version: 2 | 3
  /** The revision: a TID that only goes up. Missing only in commits of version 2. */
  readonly rev: string | undefined
  /** Root of the tree of records. */
  readonly data: Cid
  /** The commit before, which hardly any repository still names. */
  readonly prev: Cid | undefined
  readonly signature: Uint8Array
}

/** Options of {@link readCommit}. */
export interface ReadCommitOptions {
  /** Accepts commits of version 2 also. @default false */
  readonly legacy?: boolean | undefined
}

/**
 * Reads a commit block. Its signature is another step: {@link checkCommitSignature}.
 *
 * @throws `ATPROTO_COMMIT_INVALID`, `ATPROTO_CBOR_INVALID`
 */
export function readCommit(block: Uint8Array, { legacy = false }: ReadCommitOptions = {}): Commit {
  const decoded = decodeCbor(block)
  const { did, version, rev, data, prev, sig } = (typeof decoded === 'object' ? (decoded ?? {}) : {}) as DataObject
  if (version !== 3 && !(legacy && version === 2))
    throw repoErrors.ATPROTO_COMMIT_INVALID({ reason: 'its version is not 3' })
  if (typeof did !== 'string' || !did.startsWith('did:'))
    throw repoErrors.ATPROTO_COMMIT_INVALID({ reason: 'it has no DID' })
  const revIsRight = typeof rev === 'string' ? isTid(rev) : version === 2 && (rev === undefined || rev === null)
  if (!revIsRight) throw repoErrors.ATPROTO_COMMIT_INVALID({ reason: 'its rev is not a TID' })
  if (!(data instanceof Cid) || data.codec !== 'dag-cbor')
    throw repoErrors.ATPROTO_COMMIT_INVALID({ reason: 'it has no data' })
  const prevIsRight = prev === undefined || prev === null || prev instanceof Cid
  if (!prevIsRight) throw repoErrors.ATPROTO_COMMIT_INVALID({ reason: 'its prev is not a link' })
  if (!(sig instanceof Uint8Array)) throw repoErrors.ATPROTO_COMMIT_INVALID({ reason: 'it is not signed' })
  return { did, version, rev: typeof rev === 'string' ? rev : undefined, data, prev: prev ?? undefined, signature: sig }
}

/**
 * Checks that a commit block is signed by the key.
 *
 * @throws `ATPROTO_COMMIT_SIGNATURE_INVALID`
 */
export function checkCommitSignature(block: Uint8Array, signingKey: string): void {
  const { sig, ...unsigned } = decodeCbor(block) as DataObject
  const isRight = sig instanceof Uint8Array && verifySignature(signingKey, encodeCbor(unsigned), sig)
  if (!isRight) throw repoErrors.ATPROTO_COMMIT_SIGNATURE_INVALID({ did: unsigned.did, signingKey })
}

/** What {@link signCommit} signs. */
export interface UnsignedCommit {
  readonly did: string
  readonly rev: string
  readonly data: Cid
}

/**
 * Makes the signed block of a commit of version 3.
 *
 * @example
 * ```ts
 * import { createTidGenerator } from '@exprsn/atproto/codec'
 * import { createSigningKey } from '@exprsn/atproto/crypto'
 * import { buildMst, signCommit } from '@exprsn/atproto/repo'
 *
 * const rev = createTidGenerator()()
 * const commit = signCommit({ did: 'did:plc:example', rev, data: buildMst([]).root }, createSigningKey('k256'))
 * console.log(commit.cid.codec) // dag-cbor
 * ```
 */
export function signCommit({ did, rev, data }: UnsignedCommit, key: SigningKey): CarBlock {
  const unsigned = { did, rev, data, prev: null, version: 3 }
  const bytes = encodeCbor({ ...unsigned, sig: key.sign(encodeCbor(unsigned)) })
  return { cid: cidOf('dag-cbor', bytes), bytes }
}
