import type { BlobType, ContentId, PackedBlob } from '../blob.ts'
import type { TreeNode } from '../tree/tree-node.ts'

/** A blob and the pack that holds it. */
export interface LocatedBlob extends PackedBlob {
  readonly pack: ContentId
}

/** Options of every read. */
export interface ReadBlobOptions {
  /** Ends the read. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Reads blobs. Whatever it returns was authenticated and has the SHA-256 that was asked for; anything else throws
 * `BACKUP_BLOB_CORRUPT` or `BACKUP_BLOB_MISSING`.
 */
export interface BlobReader {
  /** Loads the index; the other calls do so by themselves. */
  ready(): Promise<void>
  /** Where a blob lies; undefined when no index knows it. Call {@link ready} before. */
  locate(type: BlobType, id: ContentId): LocatedBlob | undefined
  read(type: BlobType, id: ContentId, options?: ReadBlobOptions): Promise<Uint8Array>
  /** The entries of a folder. */
  readTree(id: ContentId, options?: ReadBlobOptions): Promise<TreeNode[]>
  /**
   * Reads sealed bytes of a pack, as they lie there: one request for many neighbouring blobs. Open them with
   * {@link open}.
   */
  readPack(
    pack: ContentId,
    range: { readonly start: number; readonly end: number },
    options?: ReadBlobOptions,
  ): Promise<Uint8Array>
  /** Opens, decompresses and checks one sealed blob of which the bytes were read with {@link readPack}. */
  open(blob: PackedBlob, sealed: Uint8Array): Uint8Array
}
