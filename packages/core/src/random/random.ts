/** The only source of chance in the family. `SeededRandom` (from `@exprsn/core/testing`) replays one. */
export interface Random {
  /** A uniform integer from 0 to 2³² − 1. */
  uint32(): number
  /** Uniform bytes, unpredictable when they come from {@link systemRandom}. */
  bytes(length: number): Uint8Array
}
