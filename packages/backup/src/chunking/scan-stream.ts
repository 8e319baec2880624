import type { Chunker } from './chunker.ts'

/** Looks for a cut in `bytes` from position `from` to `to`; the position after it, or 0. */
export type FindCut = (bytes: Uint8Array, from: number, to: number) => number

/** What differs between content-defined chunkers. */
export interface ScanOptions {
  readonly maxSize: number
  /** The first position that the hash looks at: what lies before it is skipped. */
  readonly start: number
  readonly findCut: FindCut
  /** Forgets the hash. */
  readonly forget: () => void
}

/** A chunker that goes on where it stopped, so that no byte is hashed twice however small the pieces are. */
export function scanStream({ maxSize, start, findCut, forget }: ScanOptions): Chunker {
  let scanned = start
  const reset = (): void => {
    scanned = start
    forget()
  }
  return {
    maxSize,
    reset,
    cut(bytes) {
      const end = Math.min(bytes.length, maxSize)
      if (end <= scanned && end < maxSize) return 0
      if (scanned === start) forget()
      const cut = findCut(bytes, scanned, end)
      scanned = end
      if (cut === 0 && end < maxSize) return 0
      reset()
      return cut === 0 ? maxSize : cut
    },
  }
}
