/** Bytes looked at, at each of three places. */
const sample = 4_096
/** Bits per byte. Random bytes come to 7.98 in a sample of this size, English text to 4.5, machine code to 6. */
const threshold = 7.95

/**
 * Whether the bytes have as many values, as evenly, as compressed or encrypted ones (order-0 entropy of a sample): then
 * trying to compress them is lost time. Short ones are always worth a try.
 */
export function looksIncompressible(bytes: Uint8Array): boolean {
  if (bytes.length < 4 * sample) return false
  const counts = new Uint32Array(256)
  for (const start of [0, (bytes.length - sample) >>> 1, bytes.length - sample])
    for (let at = start; at < start + sample; at++) counts[bytes[at]!]!++
  const total = 3 * sample
  let bits = 0
  for (const count of counts) if (count > 0) bits += (count / total) * Math.log2(total / count)
  return bits > threshold
}
