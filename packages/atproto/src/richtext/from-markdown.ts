import { richtextErrors } from './errors.ts'
import type { DocumentOptions } from './from-html.ts'
import { writeMarkdown } from './markdown/write-markdown.ts'
import { TextBuilder, type DocumentText } from './text-builder.ts'

/**
 * The text of Markdown, as posts have it: paragraphs, lists, quotes, code and tables in lines, links as spans, and the pictures
 * by themselves. HTML in it is read as `fromHtml` reads it. Any input takes time that grows with its length alone.
 *
 * @throws `ATPROTO_RICHTEXT_TOO_LONG`
 * @example
 * ```ts
 * import { fromMarkdown } from '@exprsn/atproto/richtext'
 *
 * const { text, spans } = fromMarkdown('**Read** [the report](https://example.com/r):\n\n1. first\n2. second')
 * console.log(text.split('\n')) // [ 'Read the report:', '', '1. first', '2. second' ]
 * console.log(spans) // [ { kind: 'link', start: 5, end: 15, uri: 'https://example.com/r' } ]
 * ```
 */
export function fromMarkdown(markdown: string, { maxLength = 1_048_576 }: DocumentOptions = {}): DocumentText {
  if (markdown.length > maxLength) throw richtextErrors.ATPROTO_RICHTEXT_TOO_LONG({ limit: maxLength })
  const builder = new TextBuilder()
  writeMarkdown(markdown, builder)
  return builder.build()
}
