import { fromBase32, toBase32 } from './base32.ts'
import { codecErrors } from './errors.ts'
import { viewOf } from './raw-bytes.ts'
import { digestLength, sha256, writeSha256 } from './sha256.ts'

/** Bytes of a CID in its binary form: version, codec, hash function, hash length and the hash. */
export const cidLength = 4 + digestLength

/** What a CID points to: a DAG-CBOR block, or raw bytes such as an image. */
export type CidCodec = 'dag-cbor' | 'raw'

const codecBytes = { 'dag-cbor': 0x71, raw: 0x55 } as const

/** The hash of a block with the block's format. Make one with {@link parseCid}, {@link readCid} or {@link cidOf}. */
export class Cid {
  readonly #source: Uint8Array
  readonly #offset: number
  #text: string | undefined

  /** For readers that have checked the bytes: keeps `source` as it is. Elsewhere use {@link readCid}. */
  constructor(source: Uint8Array, offset: number) {
    this.#source = source
    this.#offset = offset
  }

  /** The 36 bytes; do not change them. */
  get bytes(): Uint8Array {
    return viewOf(this.#source, this.#offset, this.#offset + cidLength)
  }

  get codec(): CidCodec {
    return this.#source[this.#offset + 1] === codecBytes.raw ? 'raw' : 'dag-cbor'
  }

  /** The 32 bytes of the SHA-256; do not change them. */
  get digest(): Uint8Array {
    return viewOf(this.#source, this.#offset + 4, this.#offset + cidLength)
  }

  /** Whether both point to the same block. */
  equals(other: Cid | undefined | null): boolean {
    return other !== undefined && other !== null && other.matches(this.#source, this.#offset)
  }

  /** Whether the bytes in `source` from `offset` on are this CID. */
  matches(source: Uint8Array, offset: number): boolean {
    for (let index = 0; index < cidLength; index++) {
      if (this.#source[this.#offset + index] !== source[offset + index]) return false
    }
    return true
  }

  /** Copies the 36 bytes into `target`, without a view in between. */
  writeTo(target: Uint8Array, offset: number): void {
    for (let index = 0; index < cidLength; index++) target[offset + index] = this.#source[this.#offset + index]!
  }

  /** Base32 text such as `bafyrei…`. */
  toString(): string {
    return (this.#text ??= `b${toBase32(this.bytes)}`)
  }

  /** The form of links in the JSON of the AT Protocol. */
  toJSON(): { readonly $link: string } {
    return { $link: this.toString() }
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `Cid(${this.toString()})`
  }
}

/**
 * Reads a CID from its text.
 *
 * @throws `ATPROTO_CID_INVALID` for other versions, codecs, hashes and bases
 * @example
 * ```ts
 * import { parseCid } from '@exprsn/atproto/codec'
 *
 * const cid = parseCid('bafyreidfayvfuwqa7qlnopdjiqrxzs6blmoeu4rujcjtnci5beludirz2a')
 * console.log(cid.codec) // dag-cbor
 * ```
 */
export function parseCid(text: string): Cid {
  const bytes = text.startsWith('b') && text.length === 59 ? fromBase32(text.slice(1)) : undefined
  if (bytes === undefined) throw codecErrors.ATPROTO_CID_INVALID({ reason: 'it is not base32 text of 59 characters' })
  return readCid(bytes)
}

/**
 * Reads a CID from its 36 bytes, which are copied.
 *
 * @throws `ATPROTO_CID_INVALID`
 * @example
 * ```ts
 * import { cidOf, readCid } from '@exprsn/atproto/codec'
 *
 * const cid = cidOf('raw', new TextEncoder().encode('hello'))
 * console.log(readCid(cid.bytes).equals(cid)) // true
 * ```
 */
export function readCid(bytes: Uint8Array): Cid {
  if (bytes.length !== cidLength) throw codecErrors.ATPROTO_CID_INVALID({ reason: `it has ${bytes.length} bytes` })
  const reason = cidProblem(bytes, 0)
  if (reason !== undefined) throw codecErrors.ATPROTO_CID_INVALID({ reason })
  return new Cid(new Uint8Array(bytes), 0)
}

/** What is wrong with the CID that begins at `offset`, whose 36 bytes are there; undefined when nothing is. */
export function cidProblem(bytes: Uint8Array, offset: number): string | undefined {
  if (bytes[offset] !== 1) return 'its version is not 1'
  const codec = bytes[offset + 1]
  if (codec !== codecBytes['dag-cbor'] && codec !== codecBytes.raw) return 'its codec is neither dag-cbor nor raw'
  if (bytes[offset + 2] !== 0x12 || bytes[offset + 3] !== digestLength) return 'its hash is not a SHA-256'
  return undefined
}

/**
 * The CID of a block.
 *
 * @example
 * ```ts
 * import { cidOf, encodeCbor } from '@exprsn/atproto/codec'
 *
 * console.log(String(cidOf('dag-cbor', encodeCbor({ hello: 'world' }))).slice(0, 7)) // bafyrei
 * ```
 */
export function cidOf(codec: CidCodec, block: Uint8Array): Cid {
  const bytes = new Uint8Array(cidLength)
  writeCidOf(codec, block, bytes, 0)
  return new Cid(bytes, 0)
}

/** Writes the 36 bytes of a block's CID into `target`. */
export function writeCidOf(codec: CidCodec, block: Uint8Array, target: Uint8Array, offset: number): void {
  target[offset] = 1
  target[offset + 1] = codecBytes[codec]
  target[offset + 2] = 0x12
  target[offset + 3] = digestLength
  writeSha256(block, target, offset + 4)
}

/** Whether the block has the hash of the CID. */
export function isBlockOf(cid: Cid, block: Uint8Array): boolean {
  return Buffer.compare(cid.digest, sha256(block)) === 0
}
