/** What a reader of CARs refuses to go beyond. */
export interface CarLimits {
  /** Bytes of the archive. @default 1 GiB */
  readonly maxBytes?: number | undefined
  /** Bytes of one block with its CID. @default 2 MiB */
  readonly maxBlockBytes?: number | undefined
  /** @default 10000000 */
  readonly maxBlocks?: number | undefined
}

/** The limits with their defaults. */
export function carLimits({ maxBytes = 2 ** 30, maxBlockBytes = 2 << 20, maxBlocks = 10_000_000 }: CarLimits = {}) {
  return { maxBytes, maxBlockBytes, maxBlocks }
}
