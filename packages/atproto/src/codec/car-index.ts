import { hash } from 'node:crypto'
import { readCarHeader, longestHeader } from './car-header.ts'
import { carLimits, type CarLimits } from './car-limits.ts'
import { Cid, cidLength, cidProblem } from './cid.ts'
import { codecErrors } from './errors.ts'
import { digestLength } from './sha256.ts'
import { rawBytes, viewOf } from './raw-bytes.ts'

/**
 * The blocks of a CAR found by their CIDs, without a copy of them. Make one with {@link indexCar}.
 *
 * Positions of blocks are kept in typed arrays and found through an open-addressing table over the first bytes of their
 * hashes; 25,000 blocks cost no object each.
 */
export class CarIndex {
  /** The archive. */
  readonly bytes: Uint8Array
  /** What its header names as entry points. */
  readonly roots: readonly Cid[]
  /** Where the CID of each block begins; the block follows it. */
  readonly #starts: Int32Array
  /** Where each block ends. */
  readonly #ends: Int32Array
  readonly #table: Int32Array

  /** For {@link indexCar}. */
  constructor(bytes: Uint8Array, roots: readonly Cid[], starts: Int32Array, ends: Int32Array, table: Int32Array) {
    this.bytes = bytes
    this.roots = roots
    this.#starts = starts
    this.#ends = ends
    this.#table = table
  }

  /** How many blocks there are. */
  get size(): number {
    return this.#starts.length
  }

  /** The number of the block whose CID stands in `source` from `offset` on; −1 when it is not here. */
  find(source: Uint8Array, offset: number): number {
    const mask = this.#table.length - 1
    const bytes = this.bytes
    for (let slot = slotOf(source, offset, mask); ; slot = (slot + 1) & mask) {
      const block = this.#table[slot]! - 1
      if (block < 0) return -1
      const start = this.#starts[block]!
      let index = cidLength - 1
      while (index > 0 && bytes[start + index] === source[offset + index]) index--
      if (index === 0) return block
    }
  }

  /** Where a block begins. */
  startOf(block: number): number {
    return this.#starts[block]! + cidLength
  }

  /** Where a block ends. */
  endOf(block: number): number {
    return this.#ends[block]!
  }

  /** The CID of a block. */
  cidOf(block: number): Cid {
    return new Cid(this.bytes, this.#starts[block]!)
  }

  /** A view of a block by its number. */
  block(block: number): Uint8Array {
    return viewOf(this.bytes, this.startOf(block), this.endOf(block))
  }

  /** A view of a block by its CID; undefined when it is not here. */
  get(cid: Cid): Uint8Array | undefined {
    const block = this.find(cid.bytes, 0)
    return block < 0 ? undefined : this.block(block)
  }
}

/** Options of {@link indexCar}. */
export interface IndexCarOptions extends CarLimits {
  /** Whether each block must have the hash of its CID. Without it a block is what its sender says. @default true */
  readonly verify?: boolean | undefined
}

/**
 * Indexes a CAR (version 1) that is in memory, and checks that every block has the hash of its CID.
 *
 * @throws `ATPROTO_CAR_INVALID` with the offset, `ATPROTO_CAR_LIMIT`
 * @example
 * ```ts
 * import { cidOf, encodeCbor, indexCar, writeCar } from '@exprsn/atproto/codec'
 *
 * const block = encodeCbor({ hello: 'world' })
 * const cid = cidOf('dag-cbor', block)
 * const car = indexCar(writeCar([cid], [{ cid, bytes: block }]))
 * console.log(car.size, car.get(cid)?.length) // 1 13
 * ```
 */
export function indexCar(bytes: Uint8Array, { verify = true, ...limits }: IndexCarOptions = {}): CarIndex {
  const { maxBytes, maxBlockBytes, maxBlocks } = carLimits(limits)
  if (bytes.length > maxBytes) throw codecErrors.ATPROTO_CAR_LIMIT({ limit: 'maxBytes', maximum: maxBytes, offset: 0 })
  const header = lengthAt(bytes, 0, longestHeader)
  const roots = readCarHeader(bytes, header.start, header.end)
  const count = countBlocks(bytes, header.end, maxBlockBytes, maxBlocks)
  const starts = new Int32Array(count)
  const ends = new Int32Array(count)
  const table = new Int32Array(2 ** Math.ceil(Math.log2(count * 2 + 2)))
  const index = new CarIndex(bytes, roots, starts, ends, table)
  let position = header.end
  for (let block = 0; block < count; block++) {
    const { start, end } = lengthAt(bytes, position, maxBlockBytes)
    const problem = cidProblem(bytes, start)
    if (problem !== undefined) throw codecErrors.ATPROTO_CAR_INVALID({ offset: start, reason: problem })
    if (index.find(bytes, start) >= 0)
      throw codecErrors.ATPROTO_CAR_INVALID({ offset: start, reason: 'a block is there twice' })
    starts[block] = start
    ends[block] = end
    insert(table, bytes, start, block)
    if (verify) verifyBlock(bytes, start, end)
    position = end
  }
  return index
}

function verifyBlock(bytes: Uint8Array, start: number, end: number): void {
  const expected = rawBytes.base64Slice.call(bytes, start + 4, start + 4 + digestLength)
  if (hash('sha256', viewOf(bytes, start + cidLength, end), 'base64') === expected) return
  const reason = 'a block does not have the hash of its CID'
  throw codecErrors.ATPROTO_CAR_INVALID({ offset: start, reason, cid: String(new Cid(bytes, start)) })
}

/** The first pass makes every array as large as it will be; a firehose frame must not pay for a table of thousands. */
function countBlocks(bytes: Uint8Array, from: number, maxBlockBytes: number, maxBlocks: number): number {
  let count = 0
  for (let position = from; position < bytes.length; count++) {
    if (count >= maxBlocks)
      throw codecErrors.ATPROTO_CAR_LIMIT({ limit: 'maxBlocks', maximum: maxBlocks, offset: position })
    const { start, end } = lengthAt(bytes, position, maxBlockBytes)
    if (end - start < cidLength) {
      throw codecErrors.ATPROTO_CAR_INVALID({ offset: start, reason: 'a block is shorter than its CID' })
    }
    position = end
  }
  return count
}

function insert(table: Int32Array, bytes: Uint8Array, start: number, block: number): void {
  const mask = table.length - 1
  let slot = slotOf(bytes, start, mask)
  while (table[slot] !== 0) slot = (slot + 1) & mask
  table[slot] = block + 1
}

/** Hashes are uniform already; the bytes behind the prefix of a CID serve as they are. */
function slotOf(bytes: Uint8Array, cid: number, mask: number): number {
  return (bytes[cid + 4]! | (bytes[cid + 5]! << 8) | (bytes[cid + 6]! << 16) | (bytes[cid + 7]! << 24)) & mask
}

/** Reads the varint at `position` and says which interval it announces. */
function lengthAt(
  bytes: Uint8Array,
  position: number,
  maximum: number,
): { readonly start: number; readonly end: number } {
  let length = 0
  for (let index = 0; index < 4; index++) {
    const byte = bytes[position + index]
    if (byte === undefined) throw codecErrors.ATPROTO_CAR_INVALID({ offset: position, reason: 'it ends early' })
    length |= (byte & 0x7f) << (7 * index)
    if (byte >= 0x80) continue
    if (byte === 0) break
    const start = position + index + 1
    if (length > maximum) throw codecErrors.ATPROTO_CAR_LIMIT({ limit: 'maxBlockBytes', maximum, offset: position })
    if (start + length > bytes.length)
      throw codecErrors.ATPROTO_CAR_INVALID({ offset: position, reason: 'a length goes beyond the end' })
    return { start, end: start + length }
  }
  throw codecErrors.ATPROTO_CAR_INVALID({
    offset: position,
    reason: 'a length is zero, too large or not in its shortest form',
  })
}
