const newline = 0x0a
const backslash = 0x5c

/** A line without newlines: `\n` and `\\` stand for newlines and backslashes. */
export function escapeLine(line: Uint8Array): Uint8Array {
  const escaped = new Uint8Array(line.length * 2)
  let length = 0
  for (const byte of line) {
    if (byte !== newline && byte !== backslash) {
      escaped[length++] = byte
      continue
    }
    escaped[length++] = backslash
    escaped[length++] = byte === newline ? 0x6e : backslash
  }
  return escaped.subarray(0, length)
}

/** What {@link escapeLine} was given. */
export function unescapeLine(escaped: Uint8Array): Uint8Array {
  const line = new Uint8Array(escaped.length)
  let length = 0
  for (let at = 0; at < escaped.length; at++) {
    const byte = escaped[at]!
    if (byte !== backslash) line[length++] = byte
    else line[length++] = escaped[++at] === 0x6e ? newline : backslash
  }
  return line.subarray(0, length)
}
