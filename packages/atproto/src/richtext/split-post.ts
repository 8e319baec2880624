import { countGraphemes } from './count-graphemes.ts'
import { detectSpans } from './detect-spans.ts'
import { richtextErrors } from './errors.ts'
import { findCuts, type UnitRange } from './find-cuts.ts'
import type { RichText, TextSpan } from './rich-text.ts'
import { splitUnits, type SplitUnits } from './split-units.ts'
import { utf8Length } from './utf8-length.ts'

const mostRounds = 10

/** Options of {@link splitPost}. */
export interface SplitPostOptions {
  /** Most grapheme clusters of a part. @default 300 */
  readonly graphemes?: number | undefined
  /** Most bytes of a part in UTF-8. @default 3000 */
  readonly bytes?: number | undefined
  /**
   * What is put behind each part when there is more than one; its length counts.
   * @default none
   */
  readonly numbering?: ((part: number, parts: number) => string) | undefined
  /** Longest text that is split, in bytes. @default 1 MiB */
  readonly maxBytes?: number | undefined
}

/**
 * Splits a text into the parts of a thread: as few as possible, of even length, cut between paragraphs, lines, sentences or
 * words, never within a link, a mention, a tag or a character. Only what is longer than a whole part is cut, and keeps its
 * meaning in its first part. White space at the cuts is left out, nothing else.
 *
 * @throws `ATPROTO_RICHTEXT_LIMIT_INVALID`, `ATPROTO_RICHTEXT_TOO_LONG`
 * @example
 * ```ts
 * import { splitPost } from '@exprsn/atproto/richtext'
 *
 * const parts = splitPost('One sentence. Another one, with example.com in it.', {
 *   graphemes: 45,
 *   numbering: (part, parts) => ` (${part}/${parts})`,
 * })
 * console.log(parts.map(({ text }) => text))
 * // [ 'One sentence. (1/2)', 'Another one, with example.com in it. (2/2)' ]
 * ```
 */
export function splitPost(input: string | RichText, options: SplitPostOptions = {}): RichText[] {
  const { graphemes = 300, bytes = 3_000, numbering, maxBytes = 1_048_576 } = options
  const { text, spans } = typeof input === 'string' ? { text: input, spans: detectSpans(input) } : input
  if (text.length > maxBytes || utf8Length(text) > maxBytes)
    throw richtextErrors.ATPROTO_RICHTEXT_TOO_LONG({ limit: maxBytes })
  if (!(graphemes >= 1 && bytes >= 4)) throw richtextErrors.ATPROTO_RICHTEXT_LIMIT_INVALID({ graphemes, bytes })
  const units = splitUnits(text, spans, bytes)
  const ranges = findCuts(units, graphemes, bytes)
  if (numbering === undefined || ranges.length < 2) return partsOf(text, spans, units, ranges, () => '')
  // Numbers take room, and more parts may need longer numbers: until they have the room that was left free for them.
  for (let expected = ranges.length, round = 0; round < mostRounds; round++) {
    const longest = numbering(expected, expected)
    const [characters, length] = [graphemes - countGraphemes(longest), bytes - utf8Length(longest)]
    if (!(characters >= 1 && length >= 4)) break
    // The same units, unless one of them has become too long.
    const narrowed = units.longest <= length ? units : splitUnits(text, spans, length)
    const cut = findCuts(narrowed, characters, length)
    if (fits(numbering, cut.length, longest))
      return partsOf(text, spans, narrowed, cut, (index) => numbering(index + 1, cut.length))
    expected = cut.length
  }
  throw richtextErrors.ATPROTO_RICHTEXT_LIMIT_INVALID({ graphemes, bytes })
}

function fits(numbering: (part: number, parts: number) => string, parts: number, room: string): boolean {
  for (let index = 1; index <= parts; index++) {
    const label = numbering(index, parts)
    if (countGraphemes(label) > countGraphemes(room) || utf8Length(label) > utf8Length(room)) return false
  }
  return true
}

function partsOf(
  text: string,
  spans: readonly TextSpan[],
  { offsets }: SplitUnits,
  ranges: readonly UnitRange[],
  label: (index: number) => string,
): RichText[] {
  let next = 0
  return ranges.map((range, index) => {
    const start = offsets[range.start]!
    const end = offsets[range.end]!
    const own: TextSpan[] = []
    for (; next < spans.length && spans[next]!.start < end; next++) {
      const span = spans[next]!
      if (span.start >= start) own.push({ ...span, start: span.start - start, end: Math.min(span.end, end) - start })
    }
    return { text: text.slice(start, end) + label(index), spans: own }
  })
}
