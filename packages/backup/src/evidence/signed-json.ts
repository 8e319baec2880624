import { sign, verify, type KeyObject } from 'node:crypto'

/** What a signature is for: one made for one purpose says nothing about another, though the key is the same. */
export type SignaturePurpose = 'snapshot-log' | 'restore-drill'

/** The JSON of a value with its Ed25519 signature. */
export function encodeSignedJson(purpose: SignaturePurpose, value: unknown, key: KeyObject): Uint8Array {
  const body = JSON.stringify(value)
  const signature = sign(null, signedBytes(purpose, body), key).toString('base64')
  return Buffer.from(JSON.stringify({ body, signature }))
}

/** The value, whose shape the signer answers for; undefined when it is no JSON that was signed for this purpose. */
export function decodeSignedJson(purpose: SignaturePurpose, bytes: Uint8Array, key: KeyObject): unknown {
  try {
    const text = Buffer.from(bytes).toString()
    const { body, signature } = JSON.parse(text) as { body: string; signature: string }
    const signed = Buffer.from(signature, 'base64')
    // One spelling only: spaces and the idle bits of base64 would else change the bytes and not the meaning.
    if (JSON.stringify({ body, signature: signed.toString('base64') }) !== text) return undefined
    return verify(null, signedBytes(purpose, body), key, signed) ? (JSON.parse(body) as unknown) : undefined
  } catch {
    return undefined
  }
}

function signedBytes(purpose: SignaturePurpose, body: string): Buffer {
  return Buffer.from(`exprsn ${purpose}\n${body}`)
}
