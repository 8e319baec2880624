/** Decides where a stream of bytes is cut into chunks. It keeps its place between calls: use one per stream at a time. */
export interface Chunker {
  /** The longest chunk it makes, in bytes. */
  readonly maxSize: number
  /**
   * The length of the chunk at the start of `bytes`, or 0 when it does not end in there. Then call again with the same
   * bytes and more after them – or, at the end of the stream, take the rest as the last chunk and call {@link reset}.
   */
  cut(bytes: Uint8Array): number
  /** Begins a new stream. */
  reset(): void
}

/** The sizes between which a content-defined chunker cuts. */
export interface ChunkSizes {
  /** Bytes, at least 64. @default 512 KiB */
  readonly minSize?: number | undefined
  /** Bytes. @default 8 MiB */
  readonly maxSize?: number | undefined
  /** A chunk ends at one of 2^averageBits positions beyond the smallest size. @default 20 */
  readonly averageBits?: number | undefined
}

/** restic's sizes. */
export const defaultChunkSizes: { readonly [Name in keyof ChunkSizes]-?: number } = {
  minSize: 512 * 1_024,
  maxSize: 8 * 1_024 * 1_024,
  averageBits: 20,
}

/** Sizes with the defaults filled in. */
export function chunkSizesOf({ minSize, maxSize, averageBits }: ChunkSizes): typeof defaultChunkSizes {
  return {
    minSize: minSize ?? defaultChunkSizes.minSize,
    maxSize: maxSize ?? defaultChunkSizes.maxSize,
    averageBits: averageBits ?? defaultChunkSizes.averageBits,
  }
}
