const largest = BigInt(Number.MAX_SAFE_INTEGER)

/** A 64-bit integer as a number when a number holds it exactly, else as it is. */
export function safeInteger(value: bigint): number | bigint {
  return value <= largest && value >= -largest ? Number(value) : value
}
