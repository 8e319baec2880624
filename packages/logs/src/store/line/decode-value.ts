/** The text of a JSON string's body, escapes resolved. */
export function decodeText(bytes: Uint8Array, start: number, end: number): string {
  const body = utf8(bytes, start, end)
  return body.includes('\\') ? unescapeText(body) : body
}

/** Bytes as text; what is not UTF-8 becomes replacement characters. */
export function utf8(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString()
}

/** The body of a JSON string, resolved. */
export function unescapeText(body: string): string {
  return JSON.parse(`"${body}"`) as string
}
