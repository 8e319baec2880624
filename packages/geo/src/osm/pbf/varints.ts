/** Where {@link readVarint} stopped; a variable of the module, for an object per number would cost more than the number. */
export let varintEnd = 0

/**
 * A varint as a number, exact up to 2^53; NaN when it has more than ten bytes. Reads past the end give no error: whoever calls
 * compares {@link varintEnd} with the end.
 */
export function readVarint(bytes: Uint8Array, start: number): number {
  let at = start
  let byte = bytes[at++]!
  let value = byte & 0x7f
  for (let shift = 7; byte > 0x7f && shift < 28; shift += 7) {
    byte = bytes[at++]!
    value |= (byte & 0x7f) << shift
  }
  if (byte > 0x7f) {
    let factor = 2 ** 28
    do {
      byte = bytes[at++]!
      value += (byte & 0x7f) * factor
      factor *= 128
      if (at - start > 10) value = NaN
    } while (byte > 0x7f && at - start <= 10)
  }
  varintEnd = at
  return value
}

/** A varint of 64 bits in two's complement (protobuf `int64`): negative numbers fill all ten bytes. */
export function readInt64(bytes: Uint8Array, start: number): number {
  const value = readVarint(bytes, start)
  if (varintEnd - start < 10) return value
  let big = 0n
  for (let at = start, shift = 0n; at < varintEnd; at++, shift += 7n) big |= BigInt(bytes[at]! & 0x7f) << shift
  return Number(BigInt.asIntN(64, big))
}

/** The reverse of protobuf's zigzag folding. */
function unfold(value: number): number {
  if (value <= 0x7fff_ffff) return (value >>> 1) ^ -(value & 1)
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2
}

/**
 * Adds the running sums of zigzag-folded differences to `sums` from place `count` on; returns the new count, or -1 where a sum
 * is not exact. The sum goes on from the one before, if there is one since `start`. The bytes must end with the end of a varint.
 *
 * The innermost loop of all reading: a file is mostly such lists. Numbers of up to four bytes stay small integers.
 */
export function addSums(
  bytes: Uint8Array,
  from: number,
  end: number,
  sums: Float64Array,
  start: number,
  count: number,
): number {
  let to = count
  let sum = to > start ? sums[to - 1]! : 0
  for (let at = from; at < end;) {
    let byte = bytes[at]!
    if (byte < 0x80) {
      at++
      sum += (byte >>> 1) ^ -(byte & 1)
      sums[to++] = sum
      continue
    }
    let value = byte & 0x7f
    byte = bytes[at + 1]!
    value |= (byte & 0x7f) << 7
    if (byte < 0x80) at += 2
    else {
      byte = bytes[at + 2]!
      value |= (byte & 0x7f) << 14
      if (byte < 0x80) at += 3
      else {
        byte = bytes[at + 3]!
        value |= (byte & 0x7f) << 21
        if (byte < 0x80) at += 4
        else {
          byte = bytes[at + 4]!
          if (byte < 0x80) {
            // Ids jump by more than 2^27 all the time: 35 bits, the upper 7 apart.
            const half = (value >>> 1) + byte * 0x800_0000
            sum += (value & 1) === 0 ? half : -half - 1
            at += 5
          } else {
            sum += unfold(readVarint(bytes, at))
            at = varintEnd
          }
          if (!(Math.abs(sum) <= Number.MAX_SAFE_INTEGER)) return -1
          sums[to++] = sum
          continue
        }
      }
    }
    sum += (value >>> 1) ^ -(value & 1)
    sums[to++] = sum
  }
  return to
}

/**
 * As {@link addSums}, for sums that lie between `-most` and `most`, which is less than 2^31: they are small integers all the
 * time. Returns -1 where one does not.
 */
export function addCoordinates(
  bytes: Uint8Array,
  from: number,
  end: number,
  sums: Int32Array,
  start: number,
  count: number,
  most: number,
): number {
  let to = count
  let sum = to > start ? sums[to - 1]! : 0
  for (let at = from; at < end;) {
    let byte = bytes[at++]!
    let value = byte & 0x7f
    if (byte > 0x7f) {
      byte = bytes[at++]!
      value |= (byte & 0x7f) << 7
      if (byte > 0x7f) {
        byte = bytes[at++]!
        value |= (byte & 0x7f) << 14
        if (byte > 0x7f) {
          byte = bytes[at++]!
          value |= (byte & 0x7f) << 21
          if (byte > 0x7f) {
            const far = sum + unfold(readVarint(bytes, at - 4))
            if (!(far <= most && far >= -most)) return -1
            at = varintEnd
            sum = far | 0
            sums[to++] = sum
            continue
          }
        }
      }
    }
    // Both are below 2^31, and so their sum is exact, if not below 2^31.
    const next = sum + ((value >>> 1) ^ -(value & 1))
    if (next > most || next < -most) return -1
    sum = next | 0
    sums[to++] = sum
  }
  return to
}
