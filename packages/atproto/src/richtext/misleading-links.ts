import { detectSpans } from './detect-spans.ts'
import type { LinkSpan, RichText } from './rich-text.ts'

/**
 * The links whose text names another site than the one they lead to, or hides where they lead with characters that are not
 * seen or turn the direction: for hosts that let others write.
 *
 * @example
 * ```ts
 * import { fromMarkdown, misleadingLinks } from '@exprsn/atproto/richtext'
 *
 * const text = fromMarkdown('[bank.example](https://evil.example) and [here](https://evil.example)')
 * console.log(misleadingLinks(text).length) // 1
 * ```
 */
export function misleadingLinks({ text, spans }: RichText): LinkSpan[] {
  return spans.filter((span): span is LinkSpan => {
    if (span.kind !== 'link') return false
    const shown = text.slice(span.start, span.end)
    // Zero-width characters, and those that turn the direction of writing.
    if (/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u.test(shown)) return true
    const named = detectSpans(shown).find(({ kind }) => kind === 'link') as LinkSpan | undefined
    return named !== undefined && hostOf(named.uri) !== hostOf(span.uri)
  })
}

function hostOf(uri: string): string {
  return URL.canParse(uri) ? new URL(uri).hostname.replace(/^www\./, '') : ''
}
