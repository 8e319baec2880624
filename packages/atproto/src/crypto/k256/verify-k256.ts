import { hash, type KeyObject } from 'node:crypto'
import { order } from './field.ts'
import { createK256Kernel, type K256Kernel } from './k256-kernel.ts'

let kernel: { readonly made: K256Kernel | undefined } | undefined
/** Kept as long as their keys are: 2.5 KB for each. */
const prepared = new WeakMap<KeyObject, Uint32Array>()

/**
 * Whether the WebAssembly kernel takes a signature of 64 bytes over the SHA-256 of the message; false, too, where there is no
 * kernel. The key has been made by OpenSSL, which checks that it is on the curve.
 */
export function isSignedByKernel(key: KeyObject, message: Uint8Array, signature: Uint8Array): boolean {
  kernel ??= { made: createK256Kernel() }
  const { made } = kernel
  if (made === undefined) return false
  const [r, s] = [numberOf(signature.subarray(0, 32)), numberOf(signature.subarray(32))]
  if (r === 0n || s === 0n || r >= order || s >= order) return false
  let table = prepared.get(key)
  if (table === undefined) prepared.set(key, (table = made.prepare(pointOf(key))))
  return made.verifies(table, BigInt(`0x${hash('sha256', message, 'hex')}`), r, s)
}

function pointOf(key: KeyObject): { readonly x: bigint; readonly y: bigint } {
  const { x, y } = key.export({ format: 'jwk' })
  return { x: numberOf(Buffer.from(x!, 'base64url')), y: numberOf(Buffer.from(y!, 'base64url')) }
}

function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')}`)
}
