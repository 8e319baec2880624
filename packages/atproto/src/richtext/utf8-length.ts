/**
 * How many bytes a part of a text has in UTF-8; a surrogate without its other half counts as U+FFFD, as it is encoded.
 *
 * @example
 * ```ts
 * import { utf8Length } from '@exprsn/atproto/richtext'
 *
 * console.log(utf8Length('né👋')) // 7
 * ```
 */
export function utf8Length(text: string, start = 0, end = text.length): number {
  let bytes = 0
  for (let index = start; index < end; index++) {
    const code = text.charCodeAt(index)
    if (code < 0x80) bytes += 1
    else if (code < 0x800) bytes += 2
    else if (code >= 0xd800 && code < 0xdc00 && isLow(text.charCodeAt(index + 1))) {
      bytes += 4
      index++
    } else bytes += 3
  }
  return bytes
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code < 0xe000
}
