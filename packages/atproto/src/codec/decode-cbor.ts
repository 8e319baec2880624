import type { DataValue } from './data-value.ts'
import { CborReader, type CborLimits } from './cbor-reader.ts'

const defaultReader = new CborReader()

/**
 * Decodes one DAG-CBOR value and accepts only its one canonical form: shortest lengths and integers, keys sorted and
 * unique, well-formed UTF-8, no floats, no tag but links, nothing behind it. Byte strings are views of `bytes`.
 *
 * @throws `ATPROTO_CBOR_INVALID`, `ATPROTO_CBOR_LIMIT`
 * @example
 * ```ts
 * import { decodeCbor, encodeCbor } from '@exprsn/atproto/codec'
 *
 * console.log(decodeCbor(encodeCbor({ text: 'hello', langs: ['en'] }))) // { text: 'hello', langs: [ 'en' ] }
 * ```
 */
export function decodeCbor(bytes: Uint8Array, limits?: CborLimits): DataValue {
  // A reader has no state between calls; a new one for each record would cost a tenth of the time.
  return (limits === undefined ? defaultReader : new CborReader(limits)).decode(bytes, 0, bytes.length)
}

/**
 * Decodes the first value of a sequence and says where it ends, for frames that are several values in a row.
 *
 * @throws `ATPROTO_CBOR_INVALID`, `ATPROTO_CBOR_LIMIT`
 * @example
 * ```ts
 * import { decodeCborFirst } from '@exprsn/atproto/codec'
 *
 * console.log(decodeCborFirst(Uint8Array.of(0x01, 0x02))) // { value: 1, end: 1 }
 * ```
 */
export function decodeCborFirst(
  bytes: Uint8Array,
  limits?: CborLimits,
): { readonly value: DataValue; readonly end: number } {
  const reader = new CborReader(limits)
  const value = reader.decodeFirst(bytes, 0, bytes.length)
  return { value, end: reader.position }
}
