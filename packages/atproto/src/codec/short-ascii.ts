/** Bytes up to which {@link shortAscii} is faster than the step into native code. */
export const longestShort = 24

const { fromCharCode } = String

/**
 * Text of a few ASCII characters, eight at a time: each step of its own would leave a string behind for the collector.
 *
 * @returns undefined when there is another character in it
 */
export function shortAscii(bytes: Uint8Array, start: number, end: number): string | undefined {
  let ascii = ''
  let index = start
  for (; end - index >= 8; index += 8) {
    const a = bytes[index]!
    const b = bytes[index + 1]!
    const c = bytes[index + 2]!
    const d = bytes[index + 3]!
    const e = bytes[index + 4]!
    const f = bytes[index + 5]!
    const g = bytes[index + 6]!
    const h = bytes[index + 7]!
    if ((a | b | c | d | e | f | g | h) > 127) return undefined
    ascii += fromCharCode(a, b, c, d, e, f, g, h)
  }
  if (end - index >= 4) {
    const a = bytes[index]!
    const b = bytes[index + 1]!
    const c = bytes[index + 2]!
    const d = bytes[index + 3]!
    if ((a | b | c | d) > 127) return undefined
    ascii += fromCharCode(a, b, c, d)
    index += 4
  }
  for (; index < end; index++) {
    const byte = bytes[index]!
    if (byte > 127) return undefined
    ascii += fromCharCode(byte)
  }
  return ascii
}
