/**
 * Sums over all rows, whatever their order: they tell inputs apart that differ by accident, not by intent. A database computes
 * the same; see `reconcileTables`.
 */
export type Fingerprint = Int32Array

/** Multipliers below 2³¹: their products with 32 bits fit a bigint of SQL. */
export const multipliers: readonly [number, number] = [0x5bd1e995, 0x2c1b3c6d]

/** Keeps movements and what was moved back apart: they may share a name and are never the same. */
export const backMark = 0x3c6ef372

/** Adds a row. */
export function addToFingerprint(print: Fingerprint, isOurs: boolean, hash: number, amount: number, day: number): void {
  const mixed = Math.imul(hash ^ amount, multipliers[0]) ^ (isOurs ? day : ~day)
  print[0]! += mixed
  print[1]! += Math.imul(mixed ^ (mixed >>> 15), multipliers[1])
}

/** As text. */
export function shownFingerprint(print: Fingerprint): string {
  return [...print].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('')
}
