/** What a blob holds: a piece of a file, or the JSON of a folder. */
export type BlobType = 'data' | 'tree'

/** The name of a blob, pack, index or snapshot: the SHA-256 of its content, 64 digits of lower-case hexadecimal. */
export type ContentId = string

/** Where a sealed blob lies in its pack. */
export interface PackedBlob {
  readonly type: BlobType
  /** SHA-256 of the plain content. */
  readonly id: ContentId
  /** Bytes from the start of the pack. */
  readonly offset: number
  /** Bytes of the sealed blob: nonce, ciphertext and authenticator. */
  readonly length: number
  /** Bytes of the plain content when it was compressed before sealing; undefined when it was not. */
  readonly uncompressedLength?: number | undefined
}
