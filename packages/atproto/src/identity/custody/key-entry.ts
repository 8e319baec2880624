import type { Curve } from '../../codec/index.ts'
import { identityErrors } from '../errors.ts'

/** What a kept key may be used for: `signing` a repository, or `rotation`, the control of an identity. */
export type KeyPurpose = 'signing' | 'rotation'

/** What is told about a kept key. */
export interface KeptKey {
  readonly name: string
  readonly purpose: KeyPurpose
  readonly curve: Curve
  /** The public half. */
  readonly didKey: string
  readonly createdAt: Date
}

/** A kept key with its sealed private half. */
export interface KeyEntry extends KeptKey {
  /** base64 */
  readonly sealed: string
}

/** What the seal holds together: a private key opens only under its own name, purpose and public half. */
export function sealingContext({ name, purpose, curve, didKey }: KeptKey): string {
  return JSON.stringify(['atproto key', name, purpose, curve, didKey])
}

/** The entry as it is stored. */
export function formatKeyEntry({ createdAt, ...entry }: KeyEntry): Uint8Array {
  return Buffer.from(JSON.stringify({ version: 1, ...entry, createdAt: createdAt.toISOString() }))
}

/** Reads a stored entry. @throws `ATPROTO_KEY_DAMAGED` */
export function readKeyEntry(name: string, bytes: Uint8Array): KeyEntry {
  const json = parse(bytes)
  const { version, purpose, curve, didKey, createdAt, sealed } = json
  const isRight =
    version === 1 &&
    json.name === name &&
    (purpose === 'signing' || purpose === 'rotation') &&
    (curve === 'p256' || curve === 'k256') &&
    typeof didKey === 'string' &&
    typeof createdAt === 'string' &&
    typeof sealed === 'string'
  if (!isRight) throw identityErrors.ATPROTO_KEY_DAMAGED({ name, reason: 'its entry cannot be read' })
  return { name, purpose, curve, didKey, createdAt: new Date(createdAt), sealed }
}

function parse(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(Buffer.from(bytes).toString())
    return typeof json === 'object' && json !== null ? (json as Readonly<Record<string, unknown>>) : {}
  } catch {
    return {}
  }
}
