import { richtextErrors } from './errors.ts'
import { writeHtml } from './html/write-html.ts'
import { TextBuilder, type DocumentText } from './text-builder.ts'

/** Options of {@link fromHtml} and `fromMarkdown`. */
export interface DocumentOptions {
  /** Longest document that is read, in UTF-16 code units. @default 1 Mi */
  readonly maxLength?: number | undefined
}

/**
 * The text of HTML, as posts have it: paragraphs, lists, quotes and code in lines, links as spans, and the pictures by
 * themselves. Nothing of scripts, styles and comments comes through, only links to the web do, and any input takes time that
 * grows with its length alone.
 *
 * @throws `ATPROTO_RICHTEXT_TOO_LONG`
 * @example
 * ```ts
 * import { fromHtml } from '@exprsn/atproto/richtext'
 *
 * const { text, spans } = fromHtml('<p>See <a href="https://example.com/a">this</a>.<ul><li>one<li>two</ul>')
 * console.log(text.split('\n')) // [ 'See this.', '', '• one', '• two' ]
 * console.log(spans) // [ { kind: 'link', start: 4, end: 8, uri: 'https://example.com/a' } ]
 * ```
 */
export function fromHtml(html: string, { maxLength = 1_048_576 }: DocumentOptions = {}): DocumentText {
  if (html.length > maxLength) throw richtextErrors.ATPROTO_RICHTEXT_TOO_LONG({ limit: maxLength })
  const builder = new TextBuilder()
  writeHtml(html, builder)
  return builder.build()
}
