import { fromBase32, toBase32 } from './base32.ts'
import { fromBase58, toBase58 } from './base58.ts'
import { codecErrors } from './errors.ts'

/** The bases that identifiers and keys of the AT Protocol come in. */
export type MultibaseName = 'base58btc' | 'base32' | 'base16' | 'base64url'

const prefixes = { base58btc: 'z', base32: 'b', base16: 'f', base64url: 'u' } as const

/**
 * Writes bytes as multibase text: a letter that names the base, then the digits.
 *
 * @example
 * ```ts
 * import { decodeMultibase, encodeMultibase } from '@exprsn/atproto/codec'
 *
 * const text = encodeMultibase('base58btc', Uint8Array.of(1, 2, 3))
 * console.log(text, decodeMultibase(text)) // zLdp Uint8Array(3) [ 1, 2, 3 ]
 * ```
 */
export function encodeMultibase(base: MultibaseName, bytes: Uint8Array): string {
  return prefixes[base] + encoders[base](bytes)
}

/**
 * Reads multibase text in its canonical form.
 *
 * @throws `ATPROTO_MULTIBASE_INVALID`
 * @example
 * ```ts
 * import { decodeMultibase } from '@exprsn/atproto/codec'
 *
 * console.log(decodeMultibase('f00ff')) // Uint8Array(2) [ 0, 255 ]
 * ```
 */
export function decodeMultibase(text: string): Uint8Array {
  const decode = decoders[text[0] ?? '']
  if (decode === undefined) throw codecErrors.ATPROTO_MULTIBASE_INVALID({ reason: 'its base is unknown' })
  const bytes = decode(text.slice(1))
  if (bytes === undefined) throw codecErrors.ATPROTO_MULTIBASE_INVALID({ reason: 'its digits are not canonical' })
  return bytes
}

const encoders: Readonly<Record<MultibaseName, (bytes: Uint8Array) => string>> = {
  base58btc: toBase58,
  base32: toBase32,
  base16: (bytes) => Buffer.from(bytes).toString('hex'),
  base64url: (bytes) => Buffer.from(bytes).toString('base64url'),
}

const decoders: Readonly<Record<string, (digits: string) => Uint8Array | undefined>> = {
  z: fromBase58,
  b: fromBase32,
  f: (digits) => exactly(digits, 'hex'),
  u: (digits) => exactly(digits, 'base64url'),
}

/** Buffer stops silently at the first foreign character: what it read must give the same text again. */
function exactly(digits: string, encoding: 'hex' | 'base64url'): Uint8Array | undefined {
  const bytes = Buffer.from(digits, encoding)
  return bytes.toString(encoding) === digits ? new Uint8Array(bytes) : undefined
}
