import { carHeader, carVarint } from './car-header.ts'
import { cidLength, type Cid } from './cid.ts'
import type { CarBlock } from './read-car.ts'

/**
 * Writes a CAR (version 1).
 *
 * @example
 * ```ts
 * import { cidOf, encodeCbor, writeCar } from '@exprsn/atproto/codec'
 *
 * const bytes = encodeCbor({ hello: 'world' })
 * const cid = cidOf('dag-cbor', bytes)
 * console.log(writeCar([cid], [{ cid, bytes }]).length) // 109
 * ```
 */
export function writeCar(roots: readonly Cid[], blocks: Iterable<CarBlock>): Uint8Array {
  const parts: Uint8Array[] = [carHeader(roots)]
  for (const { cid, bytes } of blocks) parts.push(carVarint(cidLength + bytes.length), cid.bytes, bytes)
  return new Uint8Array(Buffer.concat(parts))
}
