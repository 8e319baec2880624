import type { Random } from '@exprsn/core'
import type { BlobType, ContentId, PackedBlob } from '../blob.ts'
import type { MasterKey } from '../key/master-key.ts'
import { release, sealInto, sealOverhead } from '../../seal/index.ts'
import { sha256 } from '../object/load-verified.ts'
import type { AssembledPack } from '../writer/blob-writer.ts'
import { encodePackHeader, packHeaderRow } from './pack-header.ts'

/** A blob's sealed bytes on their way into a pack. */
export interface SealedBlob {
  readonly type: BlobType
  readonly id: ContentId
  readonly sealed: Uint8Array
  readonly uncompressedLength: number | undefined
}

/** A blob that is still to be sealed. */
export interface PlainBlob {
  readonly type: BlobType
  readonly id: ContentId
  /** Compressed already, if it is to be. */
  readonly content: Uint8Array
  readonly uncompressedLength: number | undefined
}

const smallestBuffer = 64 * 1_024

/** Collects sealed blobs in one buffer until they are a pack. */
export class PackBuilder {
  readonly blobs: PackedBlob[] = []
  #bytes: Uint8Array<ArrayBuffer>
  #size = 0

  /**
   * With room for so many bytes, which cost no memory before they are written; it grows as needed.
   *
   * @param memory of a pack that nobody needs any more: used again where it suffices
   */
  constructor(room = smallestBuffer, memory?: ArrayBuffer) {
    const suffices = memory !== undefined && memory.byteLength >= room
    this.#bytes = suffices ? new Uint8Array(memory) : Buffer.allocUnsafeSlow(room)
  }

  /** Bytes of the blobs so far. */
  get size(): number {
    return this.#size
  }

  /** Whether the pack with one more blob of this content finds room where it lies. */
  fits(contentLength: number): boolean {
    const header = packHeaderRow * (this.blobs.length + 1) + sealOverhead + 4
    return this.#size + contentLength + sealOverhead + header <= this.#bytes.length
  }

  add({ type, id, sealed, uncompressedLength }: SealedBlob): void {
    this.#take(sealed.length).set(sealed)
    this.#list({ type, id, length: sealed.length, uncompressedLength })
  }

  /** Seals a blob where it lies in the pack; returns the bytes that it takes there. */
  seal({ type, id, content, uncompressedLength }: PlainBlob, key: MasterKey, random: Random): number {
    const length = content.length + sealOverhead
    sealInto(key, content, this.#take(length), random)
    this.#list({ type, id, length, uncompressedLength })
    return length
  }

  /** The pack: blobs, sealed header, and the header's length in four bytes (restic's format, "Pack Format"). */
  finish(key: MasterKey, random: Random): AssembledPack {
    const header = encodePackHeader(this.blobs)
    const length = header.length + sealOverhead
    const end = this.#take(length + 4)
    sealInto(key, header, end.subarray(0, length), random)
    new DataView(end.buffer, end.byteOffset).setUint32(length, length, true)
    const bytes = this.#bytes.subarray(0, this.#size + end.length)
    return { id: sha256(bytes), bytes, blobs: this.blobs }
  }

  #list(blob: Omit<PackedBlob, 'offset'>): void {
    const { type, id, length, uncompressedLength } = blob
    this.blobs.push({ type, id, offset: this.#size, length, uncompressedLength })
    this.#size += length
  }

  /** The next bytes of the pack; they count when a blob is listed for them. */
  #take(length: number): Uint8Array<ArrayBuffer> {
    const end = this.#size + length
    if (end > this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(end, 2 * this.#bytes.length))
      grown.set(this.#bytes.subarray(0, this.#size))
      release(this.#bytes)
      this.#bytes = grown
    }
    return this.#bytes.subarray(this.#size, end)
  }
}
