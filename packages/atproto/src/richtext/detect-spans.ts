import { endsTag, isAlphanumeric, isDigit, isLetter, isPunctuation, isSpace } from './character-classes.ts'
import { countGraphemes } from './count-graphemes.ts'
import type { LinkSpan, MentionSpan, TagSpan, TextSpan } from './rich-text.ts'
import { topLevelDomains } from './top-level-domains.ts'
import { utf8Length } from './utf8-length.ts'

const mostTagGraphemes = 64
const mostTagBytes = 640
const mostUriBytes = 8_192

const dollar = 36
const bracket = 40
const point = 46
const colon = 58
const atSign = 64

/** What a span begins with, or a word that is a link has in it. */
const trigger = /[#$.:@＃]/g

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
  let end = 0
  let linkedTo = 0
  // The engine's own search steps over what can begin nothing ten times as fast as a loop over the characters.
  trigger.lastIndex = 0
  while (trigger.test(text)) {
    const index = trigger.lastIndex - 1
    const code = text.charCodeAt(index)
    let span: TextSpan | undefined
    if (code === point || code === colon) {
      const start = index < linkedTo ? undefined : code === point ? domainStart(text, index) : schemeStart(text, index)
      const link = start === undefined ? undefined : linkAt(text, start)
      if (link !== undefined) {
        linkedTo = link.runEnd
        span = link.span
      }
    } else if (!isStart(text, index)) continue
    else if (code === atSign) span = mentionAt(text, index)
    else if (code === dollar) span = cashtagAt(text, index)
    else if (text.charCodeAt(index - 1) !== bracket) span = tagAt(text, index)
    if (span === undefined || span.start < end) continue
    spans.push(span)
    ;({ end } = span)
    // A tag can end within a run that is no link, where links are still to be recognised as part of it.
    if (span.kind !== 'tag') trigger.lastIndex = end
  }
  return spans
}

/** Where the letters and digits before a point begin, if a link can begin there. */
function domainStart(text: string, index: number): number | undefined {
  let start = index
  while (start > 0 && isAlphanumeric(text.charCodeAt(start - 1))) start--
  return start < index && isLetter(text.charCodeAt(start)) && isStart(text, start) ? start : undefined
}

/** Where the `http` or `https` before a colon begins, if a link can begin there. */
function schemeStart(text: string, index: number): number | undefined {
  if (!text.startsWith('//', index + 1) || index < 4) return undefined
  const start = index - ((text.charCodeAt(index - 1) | 32) === 115 ? 5 : 4)
  return start >= 0 && isStart(text, start) && schemeLength(text, start) > 0 ? start : undefined
}

/** Whether the text begins here, or a word, also one in brackets. */
function isStart(text: string, index: number): boolean {
  if (index === 0) return true
  const before = text.charCodeAt(index - 1)
  return before === bracket || isSpace(before)
}

/** Letters, digits, points and hyphens, up to where a word ends. */
function mentionAt(text: string, start: number): MentionSpan | undefined {
  const { length } = text
  let end = start + 1
  while (end < length && isHandleCharacter(text.charCodeAt(end))) end++
  while (end > start + 1 && isWord(text.charCodeAt(end - 1)) === (end < length && isWord(text.charCodeAt(end)))) end--
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
  return { span: isUsable && fits(uri, mostUriBytes) ? { kind: 'link', start, end, uri } : undefined, runEnd }
}

function tagAt(text: string, start: number): TagSpan | undefined {
  const { length } = text
  let end = start + 1
  while (end < length && !endsTag(text.charCodeAt(end))) end++
  // An emoji modifier behind # makes it a keycap.
  if (text.charCodeAt(start + 1) === 0xfe0f || !hasContent(text, start + 1, end)) return undefined
  end = withoutPunctuation(text, start + 1, end)
  const tag = text.slice(start + 1, end)
  const isLong = tag.length > mostTagGraphemes && countGraphemes(tag) > mostTagGraphemes
  return isLong || !fits(tag, mostTagBytes) ? undefined : { kind: 'tag', start, end, tag }
}

function cashtagAt(text: string, start: number): TagSpan | undefined {
  const { length } = text
  let end = start + 1
  if (end === length || !isLetter(text.charCodeAt(end))) return undefined
  while (end < length && isAlphanumeric(text.charCodeAt(end))) if (++end > start + 6) return undefined
  const isEnd = end === length || isSpace(text.charCodeAt(end)) || `.,;:!?)"'\u2019`.includes(text[end]!)
  return isEnd ? { kind: 'tag', start, end, tag: `$${text.slice(start + 1, end).toUpperCase()}` } : undefined
}

/** Length of `http://` or `https://` here, in any case; else 0. */
function schemeLength(text: string, start: number): number {
  if ((text.charCodeAt(start) | 32) !== 104) return 0
  const found = /^https?:\/\//i.exec(text.slice(start, start + 8))
  return found === null ? 0 : found[0].length
}

/** Labels of letters and digits with points between them. */
function domainEndAt(text: string, start: number): number | undefined {
  const { length } = text
  let end = start
  let points = 0
  while (end < length && isAlphanumeric(text.charCodeAt(end))) end++
  while (end + 1 < length && text.charCodeAt(end) === point && isAlphanumeric(text.charCodeAt(end + 1))) {
    points++
    end++
    while (end < length && isAlphanumeric(text.charCodeAt(end))) end++
  }
  return points === 0 ? undefined : end
}

function hasTopLevelDomain(domain: string): boolean {
  const last = domain.lastIndexOf('.')
  return last >= 0 && topLevelDomains.has(domain.slice(last + 1))
}

/** Whether there is anything but digits and punctuation. */
function hasContent(text: string, start: number, end: number): boolean {
  for (let index = start; index < end; index++) {
    const code = text.codePointAt(index)!
    if (!isDigit(code) && !isPunctuation(code)) return true
    if (code > 0xffff) index++
  }
  return false
}

/** Steps back by whole characters: a pattern for it would be tried at every one of them. */
function withoutPunctuation(text: string, start: number, end: number): number {
  while (end > start) {
    const isPair = end - start > 1 && text.codePointAt(end - 2)! > 0xffff
    if (!isPunctuation(text.codePointAt(end - (isPair ? 2 : 1))!)) break
    end -= isPair ? 2 : 1
  }
  return end
}

function fits(text: string, mostBytes: number): boolean {
  // No code unit has more than three bytes.
  return text.length * 3 <= mostBytes || (text.length <= mostBytes && utf8Length(text) <= mostBytes)
}

function isHandleCharacter(code: number): boolean {
  return isAlphanumeric(code) || code === 45 || code === point
}

function isWord(code: number): boolean {
  return isAlphanumeric(code) || code === 95
}

function isEndOfRun(text: string, index: number): boolean {
  return index >= text.length || isSpace(text.charCodeAt(index))
}
