import { decodeEntities } from './decode-entities.ts'

/** A piece of HTML: text with its entities decoded, a tag that opens, or one that closes. */
export type HtmlToken =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'open'; readonly name: string; readonly attributes: ReadonlyMap<string, string> }
  | { readonly kind: 'close'; readonly name: string }

/** What is in them is not shown, or no HTML. */
const rawElements = new Set([
  'script',
  'style',
  'template',
  'iframe',
  'noscript',
  'noembed',
  'noframes',
  'xmp',
  'svg',
  'math',
  'object',
])
const textElements = new Set(['title', 'textarea'])

/**
 * Takes HTML apart, whatever it is: every step goes forward, and a search that finds nothing ends it. Scripts, styles, comments
 * and other content that is not shown are left out.
 */
export function* htmlTokens(html: string): Generator<HtmlToken, void, undefined> {
  let index = 0
  while (index < html.length) {
    const start = html.indexOf('<', index)
    if (start !== index) {
      yield { kind: 'text', text: decodeEntities(html.slice(index, start < 0 ? html.length : start)) }
      if (start < 0) return
    }
    const markup = markupEnd(html, start)
    if (markup !== undefined) {
      index = markup
      continue
    }
    const tag = readTag(html, start)
    if (tag === undefined) {
      yield { kind: 'text', text: '<' }
      index = start + 1
      continue
    }
    index = tag.end
    const { name } = tag
    if (tag.isClosing) yield { kind: 'close', name }
    else if (rawElements.has(name)) index = closingOf(html, name, index).next
    else {
      yield { kind: 'open', name, attributes: tag.attributes }
      if (!textElements.has(name)) continue
      const { end, next } = closingOf(html, name, index)
      yield { kind: 'text', text: decodeEntities(html.slice(index, end)) }
      yield { kind: 'close', name }
      index = next
    }
  }
}

/** Where a comment, a doctype or an instruction ends; undefined when it is none. */
function markupEnd(html: string, start: number): number | undefined {
  const next = html[start + 1]
  if (next !== '!' && next !== '?') return undefined
  const terminator = html.startsWith('<!--', start) ? '-->' : '>'
  const end = html.indexOf(terminator, start + 2)
  return end < 0 ? html.length : end + terminator.length
}

interface Tag {
  readonly name: string
  readonly isClosing: boolean
  readonly attributes: ReadonlyMap<string, string>
  readonly end: number
}

function readTag(html: string, start: number): Tag | undefined {
  const isClosing = html[start + 1] === '/'
  let index = start + (isClosing ? 2 : 1)
  if (!isLetter(html.charCodeAt(index))) return undefined
  const nameStart = index
  while (index < html.length && !isEndOfName(html.charCodeAt(index))) index++
  const name = html.slice(nameStart, index).toLowerCase()
  const attributes = new Map<string, string>()
  for (;;) {
    while (index < html.length && (isSpace(html.charCodeAt(index)) || html[index] === '/')) index++
    if (index >= html.length) return { name, isClosing, attributes, end: html.length }
    if (html[index] === '>') return { name, isClosing, attributes, end: index + 1 }
    index = readAttribute(html, index, attributes)
  }
}

function readAttribute(html: string, start: number, attributes: Map<string, string>): number {
  let index = start + 1
  while (index < html.length && !isEndOfName(html.charCodeAt(index)) && html[index] !== '=') index++
  const name = html.slice(start, index).toLowerCase()
  while (isSpace(html.charCodeAt(index))) index++
  if (html[index] !== '=') {
    if (!attributes.has(name)) attributes.set(name, '')
    return index
  }
  index++
  while (isSpace(html.charCodeAt(index))) index++
  const quote = html[index]
  let value: string
  if (quote === '"' || quote === "'") {
    const end = html.indexOf(quote, index + 1)
    if (end < 0) return html.length
    value = html.slice(index + 1, end)
    index = end + 1
  } else {
    const valueStart = index
    while (index < html.length && !isSpace(html.charCodeAt(index)) && html[index] !== '>') index++
    value = html.slice(valueStart, index)
  }
  if (!attributes.has(name)) attributes.set(name, decodeEntities(value))
  return index
}

/** Where the closing tag of an element begins and ends. */
function closingOf(html: string, name: string, from: number): { readonly end: number; readonly next: number } {
  const pattern = new RegExp(`</${name}(?=[\\s/>])`, 'gi')
  pattern.lastIndex = from
  const found = pattern.exec(html)
  if (found === null) return { end: html.length, next: html.length }
  const close = html.indexOf('>', found.index)
  return { end: found.index, next: close < 0 ? html.length : close + 1 }
}

function isLetter(code: number): boolean {
  const lower = code | 32
  return lower >= 97 && lower <= 122
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13)
}

function isEndOfName(code: number): boolean {
  return isSpace(code) || code === 47 || code === 62
}
