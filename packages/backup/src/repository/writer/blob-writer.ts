import type { BlobType, ContentId, PackedBlob } from '../blob.ts'
import type { MasterKey } from '../key/master-key.ts'

/** A blob that was handed to {@link BlobWriter.save}. */
export interface SavedBlob {
  readonly id: ContentId
  /** Whether the repository did not hold it yet. */
  readonly added: boolean
  /** Bytes it takes in the pack; 0 when it was held already. */
  readonly stored: number
}

/** Options of {@link BlobWriter.save}. */
export interface SaveBlobOptions {
  /** The SHA-256 of the content, when the caller computed it already. */
  readonly id?: ContentId | undefined
  /**
   * `false`: known to be incompressible; `'pages'`: pages of a database, which are packed by the first level of zstd where the
   * repository was opened without a setting of its own. @default true
   */
  readonly compress?: boolean | 'pages' | undefined
  /**
   * Whether the parent does not have it, so that it is hardly stored anywhere: as long as such content is little, the index is not
   * loaded to look for it. What was stored by another backup is then stored twice. @default false
   */
  readonly isNew?: boolean | undefined
}

/** A pack that was assembled elsewhere, such as in a worker thread: blobs, sealed header, length of the header. */
export interface AssembledPack {
  /** SHA-256 of `bytes`. */
  readonly id: ContentId
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly blobs: readonly PackedBlob[]
}

/** What a worker thread needs to assemble packs. */
export interface PackSettings {
  readonly key: MasterKey
  /** A pack is closed when it reaches this many bytes. */
  readonly packSize: number
  /** zstd's level and shortest match, or undefined when nothing is compressed. */
  readonly compression: { readonly level: number; readonly minMatch: number } | undefined
  /** Where content is cut: the same in every backup into this repository. */
  readonly chunkerPolynomial: bigint
}

/**
 * Where the content of one snapshot goes. Blobs are durable when {@link BlobWriter.flush} has resolved; the session does
 * that before it writes the snapshot. Calls may overlap.
 */
export interface BlobWriter {
  readonly settings: PackSettings
  /** Loads the index; `has` and `save` do so by themselves, a no-change run that needs neither saves the time. */
  ready(): Promise<void>
  /**
   * Whether the repository holds this blob, or this session saved it. Call {@link ready} before. What is found stays until
   * the session ends, whatever is pruned meanwhile.
   */
  has(type: BlobType, id: ContentId): boolean
  /** Ids of every blob of a type known at the start, for a table that worker threads share. Call {@link ready} before. */
  known(type: BlobType): Iterable<ContentId>
  /** Stores a blob unless it is held. Resolves when it was taken over: `content` may be reused then. */
  save(type: BlobType, content: Uint8Array, options?: SaveBlobOptions): Promise<SavedBlob>
  /** Stores a whole pack. Resolves when the pack is durable. */
  savePack(pack: AssembledPack): Promise<void>
  /** Waits until everything saved so far is durable and listed in an index. */
  flush(): Promise<void>
}
