import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import { canonicalJson } from './canonical-json.ts'
import { auditErrors } from './errors.ts'

/** Says what a log was at one time. Whoever keeps one elsewhere can tell later whether anything before it was changed. */
export interface AuditCheckpoint {
  readonly type: 'checkpoint'
  /** Number of records. */
  readonly size: number
  /** Root of the Merkle tree over their hashes (RFC 9162), in hexadecimal. */
  readonly root: string
  /** ISO text in UTC. */
  readonly at: string
  /** Names the key. */
  readonly key: string
  /** Ed25519 (RFC 8032) over the canonical JSON of the other fields, in base64. */
  readonly signature: string
}

/** Who signs checkpoints. */
export interface AuditSigner {
  readonly id: string
  /** Ed25519: PEM text or a key object. */
  readonly privateKey: string | KeyObject
}

/** The keys that checkpoints are verified with, by id: those of the past, too. */
export type AuditPublicKeys = Readonly<Record<string, string | KeyObject>>

/** Signs the state of a log. Throws `CORE_AUDIT_KEY_INVALID`. */
export function signCheckpoint(signer: AuditSigner, size: number, root: string, now: number): AuditCheckpoint {
  const unsigned = { type: 'checkpoint', size, root, at: new Date(now).toISOString(), key: signer.id } as const
  const signature = sign(null, Buffer.from(canonicalJson(unsigned)), privateKeyOf(signer)).toString('base64')
  return { ...unsigned, signature }
}

/** Whether a known key has signed it. */
export function isSigned(checkpoint: AuditCheckpoint, keys: AuditPublicKeys): boolean {
  const { type, size, root, at, key, signature } = checkpoint
  const publicKey = Object.hasOwn(keys, key) ? publicKeyOf(key, keys[key]!) : undefined
  if (publicKey === undefined || typeof signature !== 'string') return false
  try {
    const signed = Buffer.from(canonicalJson({ type, size, root, at, key }))
    const bytes = Buffer.from(signature, 'base64')
    // One text per signature: base64 has several for the same bytes.
    return bytes.toString('base64') === signature && verify(null, signed, publicKey, bytes)
  } catch {
    return false
  }
}

function privateKeyOf({ id, privateKey }: AuditSigner): KeyObject {
  return ed25519(id, () => (typeof privateKey === 'string' ? createPrivateKey(privateKey) : privateKey))
}

function publicKeyOf(id: string, key: string | KeyObject): KeyObject {
  return ed25519(id, () => (typeof key === 'string' ? createPublicKey(key) : key))
}

function ed25519(id: string, read: () => KeyObject): KeyObject {
  let key: KeyObject
  try {
    key = read()
  } catch {
    throw auditErrors.CORE_AUDIT_KEY_INVALID({ id })
  }
  if (key.asymmetricKeyType !== 'ed25519') throw auditErrors.CORE_AUDIT_KEY_INVALID({ id })
  return key
}
