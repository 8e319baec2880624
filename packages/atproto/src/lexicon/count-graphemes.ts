let segmenter: Intl.Segmenter | undefined

/**
 * Whether a text has at least `minimum` and at most `maximum` grapheme clusters: what people take for one character. Text
 * that cannot have too many or too few is not taken apart, which is nearly all.
 */
export function hasGraphemes(text: string, minimum: number, maximum: number): boolean {
  // A cluster has at least one code unit.
  if (text.length < minimum) return false
  if (text.length <= maximum && minimum <= 1) return minimum === 0 || text.length > 0
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  let count = 0
  for (const _ of segmenter.segment(text)) if (++count > maximum) return false
  return count >= minimum
}
