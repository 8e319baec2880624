/** What a byte is in a token: 0 for a separator, else the byte in lower case. A token is `[A-Za-z0-9_]+`. */
export const tokenBytes: Uint8Array = new Uint8Array(256)

for (let byte = 0x30; byte <= 0x39; byte++) tokenBytes[byte] = byte
for (let byte = 0x61; byte <= 0x7a; byte++) {
  tokenBytes[byte] = byte
  tokenBytes[byte - 0x20] = byte
}
tokenBytes[0x5f] = 0x5f

/** Whether a UTF-16 unit belongs to a token. */
export function isTokenUnit(unit: number): boolean {
  return unit < 256 && tokenBytes[unit] !== 0
}

/** A text with its ASCII letters in lower case; all others stay as they are. */
export function foldCase(text: string): string {
  return /[A-Z]/.test(text) ? text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : text
}

/** The tokens of a text, in order, in lower case. */
export function tokensOf(text: string): string[] {
  return foldCase(text).match(/[a-z0-9_]+/g) ?? []
}
