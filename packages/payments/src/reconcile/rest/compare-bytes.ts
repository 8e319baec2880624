/** Below zero, zero or above: the order of UTF-8 texts as `<` has it for strings, which counts UTF-16. */
export function compareBytes(
  left: Uint8Array,
  leftStart: number,
  leftEnd: number,
  right: Uint8Array,
  rightStart: number,
  rightEnd: number,
): number {
  const length = Math.min(leftEnd - leftStart, rightEnd - rightStart)
  for (let at = 0; at < length; at++) {
    const [one, other] = [left[leftStart + at]!, right[rightStart + at]!]
    if (one !== other) return rank(one) - rank(other)
  }
  return leftEnd - leftStart - (rightEnd - rightStart)
}

/** Characters beyond U+FFFF begin with 0xF0 or more; in UTF-16 they come before U+E000, which begins with 0xEE. */
export function rank(byte: number): number {
  return byte < 0xee ? byte : byte < 0xf0 ? byte + 8 : byte - 2
}

/** Whether two texts are the same; from their ends, as those that are sorted begin alike. */
export function isSameText(
  left: Uint8Array,
  leftStart: number,
  leftEnd: number,
  right: Uint8Array,
  rightStart: number,
  rightEnd: number,
): boolean {
  if (leftEnd - leftStart !== rightEnd - rightStart) return false
  for (let at = leftEnd - 1, to = rightEnd - 1; at >= leftStart; at--, to--) if (left[at] !== right[to]) return false
  return true
}
