import { countGraphemes as countClusters } from 'unicode-segmenter/grapheme'

const lineFeed = 10
const carriageReturn = 13

/**
 * How many grapheme clusters a text has: what people take for one character, and posts are measured in (UAX #29).
 *
 * @example
 * ```ts
 * import { countGraphemes } from '@exprsn/atproto/richtext'
 *
 * console.log(countGraphemes('né👨‍👩‍👧')) // 3
 * ```
 */
export function countGraphemes(text: string): number {
  // Of ASCII only CR LF is one cluster of two.
  let pairs = 0
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code >= 0x80) return countClusters(text)
    if (code === lineFeed && index > 0 && text.charCodeAt(index - 1) === carriageReturn) pairs++
  }
  return text.length - pairs
}
