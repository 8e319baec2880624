import { carLimits, type CarLimits } from './car-limits.ts'
import { longestHeader, readCarHeader } from './car-header.ts'
import { Cid, cidLength, cidProblem } from './cid.ts'
import { codecErrors } from './errors.ts'
import { hasSha256 } from './sha256.ts'

/** A block with its CID. */
export interface CarBlock {
  readonly cid: Cid
  readonly bytes: Uint8Array
}

/** Options of {@link readCar}. */
export interface ReadCarOptions extends CarLimits {
  /** Called once, before the first block. */
  readonly onRoots?: ((roots: readonly Cid[]) => void) | undefined
  /** Ends the reading with its reason. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Reads a CAR as it arrives, one verified block at a time, with memory for one block.
 *
 * @throws `ATPROTO_CAR_INVALID` with the offset, `ATPROTO_CAR_LIMIT`
 * @example
 * ```ts
 * import { cidOf, encodeCbor, readCar, writeCar } from '@exprsn/atproto/codec'
 *
 * const bytes = encodeCbor({ hello: 'world' })
 * const cid = cidOf('dag-cbor', bytes)
 * async function* arriving() { yield writeCar([cid], [{ cid, bytes }]) }
 * for await (const block of readCar(arriving())) console.log(block.cid.equals(cid)) // true
 * ```
 */
export async function* readCar(
  source: AsyncIterable<Uint8Array>,
  { onRoots, signal, ...limits }: ReadCarOptions = {},
): AsyncGenerator<CarBlock, void, undefined> {
  const { maxBytes, maxBlockBytes, maxBlocks } = carLimits(limits)
  const sections = new Sections(maxBytes, maxBlockBytes)
  let blocks = -1
  for await (const chunk of source) {
    signal?.throwIfAborted()
    for (const { bytes, offset } of sections.push(chunk)) {
      if (blocks < 0) {
        const roots = readCarHeader(bytes, 0, bytes.length)
        onRoots?.(roots)
      } else if (blocks >= maxBlocks)
        throw codecErrors.ATPROTO_CAR_LIMIT({ limit: 'maxBlocks', maximum: maxBlocks, offset })
      else yield blockOf(bytes, offset)
      blocks++
    }
  }
  sections.end(blocks < 0)
}

function blockOf(section: Uint8Array, offset: number): CarBlock {
  const problem = section.length < cidLength ? 'a block is shorter than its CID' : cidProblem(section, 0)
  if (problem !== undefined) throw codecErrors.ATPROTO_CAR_INVALID({ offset, reason: problem })
  const bytes = section.subarray(cidLength)
  if (!hasSha256(bytes, section, 4)) {
    throw codecErrors.ATPROTO_CAR_INVALID({ offset, reason: 'a block does not have the hash of its CID' })
  }
  return { cid: new Cid(section, 0), bytes }
}

/** Cuts what arrives into the sections that varints announce. */
class Sections {
  readonly #maxBytes: number
  readonly #maxBlockBytes: number
  #offset = 0
  #length = 0
  #shift = 0
  #section: Uint8Array | undefined
  #filled = 0
  #header = true

  constructor(maxBytes: number, maxBlockBytes: number) {
    this.#maxBytes = maxBytes
    this.#maxBlockBytes = maxBlockBytes
  }

  *push(chunk: Uint8Array): Generator<{ readonly bytes: Uint8Array; readonly offset: number }> {
    for (let position = 0; position < chunk.length;) {
      if (this.#section === undefined) this.#lengthByte(chunk[position++]!)
      else {
        const taken = Math.min(chunk.length - position, this.#section.length - this.#filled)
        // Copied: the section is kept, while senders use their chunks again.
        this.#section.set(chunk.subarray(position, position + taken), this.#filled)
        this.#filled += taken
        this.#offset += taken
        position += taken
      }
      if (this.#offset > this.#maxBytes) throw this.#limit('maxBytes', this.#maxBytes)
      if (this.#section === undefined || this.#filled < this.#section.length) continue
      const bytes = this.#section
      this.#section = undefined
      this.#header = false
      yield { bytes, offset: this.#offset - bytes.length }
    }
  }

  end(empty: boolean): void {
    if (empty || this.#section !== undefined || this.#shift > 0) throw this.#invalid('it ends early')
  }

  #lengthByte(byte: number): void {
    if (this.#shift > 21 || byte === 0) {
      throw this.#invalid('a length is zero, too large or not in its shortest form')
    }
    this.#offset++
    this.#length |= (byte & 0x7f) << this.#shift
    this.#shift += 7
    if (byte >= 0x80) return
    const maximum = this.#header ? longestHeader : this.#maxBlockBytes
    if (this.#length > maximum) throw this.#limit('maxBlockBytes', maximum)
    this.#section = new Uint8Array(this.#length)
    this.#filled = 0
    this.#length = 0
    this.#shift = 0
  }

  #invalid(reason: string): Error {
    return codecErrors.ATPROTO_CAR_INVALID({ offset: this.#offset, reason })
  }

  #limit(limit: string, maximum: number): Error {
    return codecErrors.ATPROTO_CAR_LIMIT({ limit, maximum, offset: this.#offset })
  }
}
