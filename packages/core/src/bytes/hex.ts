import { bytesErrors } from './errors.ts'

/**
 * Bytes as lower-case hexadecimal digits.
 *
 * @example
 * ```ts
 * import { toHex } from '@exprsn/core/bytes'
 *
 * console.log(toHex(Uint8Array.of(0, 171, 255))) // 00abff
 * ```
 */
export function toHex(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('hex')
}

/**
 * The bytes that hexadecimal digits of either case stand for.
 *
 * @throws `CORE_BYTES_HEX_INVALID` with the index of the first character that is not a digit, or of the missing one.
 * @example
 * ```ts
 * import { fromHex } from '@exprsn/core/bytes'
 *
 * console.log(fromHex('00ABff').length) // 3
 * ```
 */
export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  const index = text.search(/[^0-9a-f]/i)
  if (index >= 0) throw bytesErrors.CORE_BYTES_HEX_INVALID({ index })
  if (text.length % 2 === 1) throw bytesErrors.CORE_BYTES_HEX_INVALID({ index: text.length })
  const bytes = new Uint8Array(text.length / 2)
  asBuffer(bytes).write(text, 'hex')
  return bytes
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
