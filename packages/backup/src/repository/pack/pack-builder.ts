import type { Random } from '@exprsn/core'
import type { BlobType, ContentId, PackedBlob } from '../blob.ts'
import type { MasterKey } from '../key/master-key.ts'
import { sealPlain } from '../../seal/index.ts'
import { sha256 } from '../object/sealed-objects.ts'
import type { AssembledPack } from '../writer/blob-writer.ts'
import { encodePackHeader } from './pack-header.ts'

/** A blob's sealed bytes on their way into a pack. */
export interface SealedBlob {
  readonly type: BlobType
  readonly id: ContentId
  readonly sealed: Uint8Array
  readonly uncompressedLength: number | undefined
}

/** Collects sealed blobs until they are a pack. */
export class PackBuilder {
  readonly blobs: PackedBlob[] = []
  readonly #parts: Uint8Array[] = []
  #size = 0

  /** Bytes of the blobs so far. */
  get size(): number {
    return this.#size
  }

  add({ type, id, sealed, uncompressedLength }: SealedBlob): void {
    this.blobs.push({ type, id, offset: this.#size, length: sealed.length, uncompressedLength })
    this.#parts.push(sealed)
    this.#size += sealed.length
  }

  /** The pack: blobs, sealed header, and the header's length in four bytes (restic's format, "Pack Format"). */
  finish(key: MasterKey, random: Random): AssembledPack {
    const header = sealPlain(key, encodePackHeader(this.blobs), random)
    const length = Buffer.alloc(4)
    length.writeUInt32LE(header.length)
    const bytes = Buffer.concat([...this.#parts, header, length])
    return { id: sha256(bytes), bytes, blobs: this.blobs }
  }
}
