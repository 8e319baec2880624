import { splitScalar } from './endomorphism.ts'
import { inverse, order, prime } from './field.ts'
import { instantiateWasm } from '@exprsn/core/bytes'
import { k256Wasm } from './k256.wasm.ts'
import { pointTable, writeElement, type Point } from './point-table.ts'
import { digitBits, writeSignedDigits } from './signed-digits.ts'

/** Verifies one signature: numbers below the order, r and s not zero. */
export interface K256Kernel {
  /** What is made of a public key once, for `verifies`. */
  prepare(key: Point): Uint32Array
  /** Whether r and s sign the digest by the key. */
  verifies(key: Uint32Array, digest: bigint, r: bigint, s: bigint): boolean
}

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer }
  sum(bits: number): void
  hasX(): number
}

/** The base point: SEC 2, version 2, section 2.4.1. */
const base: Point = {
  x: 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n,
  y: 0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n,
}
/** Odd multiples that are kept, for windows of 5 and 8 bits. */
const keyPoints = 8
const basePoints = 64
const keyWidth = 5
const baseWidth = 8

/** Where the kernel has what is handed to it, in bytes: `wasm/k256.ts` says so. */
const candidateAt = 960
const digitsAt = 1040
const keyTablesAt = 2048
const baseTablesAt = keyTablesAt + keyPoints * 2 * 160

/**
 * ECDSA verification over K-256 (SEC 1, version 2, section 4.1.4) in WebAssembly, three to four times as fast as OpenSSL, whose
 * K-256 has no code of its own. Not for secrets: it takes as long as the numbers want. undefined where there is no WebAssembly.
 */
export function createK256Kernel(module = k256Wasm): K256Kernel | undefined {
  const kernel = instantiateWasm<Exports>(module)
  if (kernel === undefined) return undefined
  const words = new Uint32Array(kernel.memory.buffer)
  const digits = new Int8Array(kernel.memory.buffer, digitsAt, digitBits * 4)
  words.set(pointTable(base, basePoints), baseTablesAt / 4)

  return {
    prepare: (key) => pointTable(key, keyPoints),
    verifies(key, digest, r, s) {
      const inverted = inverse(s, order)
      const [keyFirst, keySecond] = splitScalar((r * inverted) % order)
      const [baseFirst, baseSecond] = splitScalar((digest * inverted) % order)
      digits.fill(0)
      writeSignedDigits(keyFirst, keyWidth, digits, 0)
      writeSignedDigits(keySecond, keyWidth, digits, 1)
      writeSignedDigits(baseFirst, baseWidth, digits, 2)
      writeSignedDigits(baseSecond, baseWidth, digits, 3)
      words.set(key, keyTablesAt / 4)
      kernel.sum(digitBits)
      return hasX(r) || (r + order < prime && hasX(r + order))
    },
  }

  function hasX(candidate: bigint): boolean {
    writeElement(candidate, words, candidateAt / 4)
    return kernel!.hasX() === 1
  }
}
