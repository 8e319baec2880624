import type { RichText } from '../../richtext/index.ts'

/** The text for networks whose links have no text of their own: an address that is not seen is written behind. */
export function plainText({ text, spans }: RichText): string {
  let plain = ''
  let end = 0
  for (const span of spans) {
    if (span.kind !== 'link') continue
    plain += text.slice(end, span.end)
    ;({ end } = span)
    const shown = text.slice(span.start, span.end)
    if (!isSame(shown, span.uri)) plain += ` (${span.uri})`
  }
  return plain + text.slice(end)
}

function isSame(shown: string, uri: string): boolean {
  const bare = (address: string): string =>
    address
      .replace(/^https?:\/\//i, '')
      .replace(/\/$/, '')
      .toLowerCase()
  return bare(shown) === bare(uri)
}
