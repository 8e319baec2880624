import { at, endsTag, isAlphanumeric, isLetter, isSpace } from './character-classes.ts'
import { countGraphemes } from './count-graphemes.ts'
import type { LinkSpan, MentionSpan, TagSpan, TextSpan } from './rich-text.ts'
import { topLevelDomains } from './top-level-domains.ts'
import { utf8Length } from './utf8-length.ts'

const mostTagGraphemes = 64
const mostTagBytes = 640
const mostUriBytes = 8_192

/**
 * Finds mentions, links, tags and cashtags in a text, where the official client finds them, in time that grows with the text
 * alone. The difference: of two that overlap the second is left out, `httpd.apache.org` is a link to itself, and what no
 * server takes for a URI or a tag is none.
 *
 * Mentions are what looks like one; whether somebody has the handle is for {@link toFacets}.
 *
 * @example
 * ```ts
 * import { detectSpans } from '@exprsn/atproto/richtext'
 *
 * for (const { kind, start, end } of detectSpans('ask @alice.example about example.com #today')) console.log(kind, start, end)
 * // mention 4 18, link 25 36, tag 37 43
 * ```
 */
export function detectSpans(text: string): TextSpan[] {
  const spans: TextSpan[] = []
  const { length } = text
  let end = 0
  let isStart = true
  let isBehindSpace = true
  let linkedTo = 0
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index)
    if (isStart) {
      let span: TextSpan | undefined
      if (code === 64) span = mentionAt(text, index)
      else if ((code === 35 || code === 0xff03) && isBehindSpace) span = tagAt(text, index)
      else if (code === 36) span = cashtagAt(text, index)
      else if (isLetter(code) && index >= linkedTo) {
        const link = linkAt(text, index)
        if (link !== undefined) {
          linkedTo = link.runEnd
          span = link.span
        }
      }
      if (span !== undefined && span.start >= end) {
        spans.push(span)
        ;({ end } = span)
      }
    }
    isBehindSpace = isSpace(code)
    isStart = isBehindSpace || code === 40
  }
  return spans
}

/** Letters, digits, points and hyphens, up to where a word ends. */
function mentionAt(text: string, start: number): MentionSpan | undefined {
  let end = start + 1
  while (isHandleCharacter(at(text, end))) end++
  while (end > start + 1 && isWord(at(text, end - 1)) === isWord(at(text, end))) end--
  if (end === start + 1) return undefined
  const handle = text.slice(start + 1, end)
  return hasTopLevelDomain(handle) || handle.endsWith('.test') ? { kind: 'mention', start, end, handle } : undefined
}

/** A URL, or a domain with what follows it. The run that it takes up is told also when it is no link after all. */
function linkAt(
  text: string,
  start: number,
): { readonly span: LinkSpan | undefined; readonly runEnd: number } | undefined {
  const scheme = schemeLength(text, start)
  const domainEnd = scheme > 0 && !isEndOfRun(text, start + scheme) ? start : domainEndAt(text, start)
  if (domainEnd === undefined) return undefined
  let end = Math.max(domainEnd, start + scheme)
  while (!isEndOfRun(text, end)) end++
  const runEnd = end
  const isUrl = domainEnd === start
  // The official client takes no scheme in capitals.
  const isKnown = isUrl ? text.startsWith('http', start) : hasTopLevelDomain(text.slice(start, domainEnd))
  if (!isKnown) return { span: undefined, runEnd }
  if ('.,;:!?'.includes(text[end - 1]!)) end--
  if (text[end - 1] === ')' && !text.slice(start, end).includes('(')) end--
  const written = text.slice(start, end)
  const uri = isUrl ? written : `https://${written}`
  const isUsable = !isUrl || (written.length > scheme && written[scheme] !== '/')
  const fits = uri.length <= mostUriBytes && utf8Length(uri) <= mostUriBytes
  return { span: isUsable && fits ? { kind: 'link', start, end, uri } : undefined, runEnd }
}

function tagAt(text: string, start: number): TagSpan | undefined {
  let end = start + 1
  while (end < text.length && !endsTag(at(text, end))) end++
  // An emoji modifier behind # makes it a keycap.
  if (at(text, start + 1) === 0xfe0f || !/[^\d\p{P}]/u.test(text.slice(start + 1, end))) return undefined
  end = withoutPunctuation(text, start + 1, end)
  const tag = text.slice(start + 1, end)
  const isLong = tag.length > mostTagGraphemes && countGraphemes(tag) > mostTagGraphemes
  return isLong || utf8Length(tag) > mostTagBytes ? undefined : { kind: 'tag', start, end, tag }
}

function cashtagAt(text: string, start: number): TagSpan | undefined {
  let end = start + 1
  if (!isLetter(at(text, end))) return undefined
  while (isAlphanumeric(at(text, end))) if (++end > start + 6) return undefined
  const isEnd = end === text.length || isSpace(at(text, end)) || `.,;:!?)"'\u2019`.includes(text[end]!)
  return isEnd ? { kind: 'tag', start, end, tag: `$${text.slice(start + 1, end).toUpperCase()}` } : undefined
}

/** Length of `http://` or `https://` here, in any case; else 0. */
function schemeLength(text: string, start: number): number {
  if ((at(text, start) | 32) !== 104) return 0
  const found = /^https?:\/\//i.exec(text.slice(start, start + 8))
  return found === null ? 0 : found[0].length
}

/** Labels of letters and digits with points between them. */
function domainEndAt(text: string, start: number): number | undefined {
  let end = start
  let points = 0
  while (isAlphanumeric(at(text, end))) end++
  while (at(text, end) === 46 && isAlphanumeric(at(text, end + 1))) {
    points++
    end++
    while (isAlphanumeric(at(text, end))) end++
  }
  return points === 0 ? undefined : end
}

function hasTopLevelDomain(domain: string): boolean {
  const point = domain.lastIndexOf('.')
  return point >= 0 && topLevelDomains.has(domain.slice(point + 1))
}

/** Steps back by whole characters: a pattern for it would be tried at every one of them. */
function withoutPunctuation(text: string, start: number, end: number): number {
  while (end > start) {
    const isPair = end - start > 1 && text.codePointAt(end - 2)! > 0xffff
    const last = text.slice(end - (isPair ? 2 : 1), end)
    if (!/^\p{P}$/u.test(last)) break
    end -= last.length
  }
  return end
}

function isHandleCharacter(code: number): boolean {
  return isAlphanumeric(code) || code === 45 || code === 46
}

function isWord(code: number): boolean {
  return isAlphanumeric(code) || code === 95
}

function isEndOfRun(text: string, index: number): boolean {
  return index >= text.length || isSpace(at(text, index))
}
