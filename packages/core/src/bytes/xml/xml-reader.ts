import { bytesErrors } from '../errors.ts'
import { isDeclaredUtf8 } from './xml-declaration.ts'
import type { XmlEvent } from './xml-event.ts'
import { XmlInput } from './xml-input.ts'
import { xmlLimits, type XmlLimits } from './xml-limits.ts'
import { outermostScope, type XmlScope } from './xml-namespaces.ts'
import { XmlNames, type XmlName } from './xml-names.ts'
import { readEndName, readStartTag, type TagContext } from './xml-tag.ts'
import { decodeContent, decodeText } from './xml-text.ts'

interface OpenElement {
  readonly name: XmlName
  readonly namespace: string
  readonly scope: XmlScope
}

/** Parts of the running text: as written, and whether it is CDATA, where "&" means itself. */
interface TextPart {
  raw: string
  readonly isCdata: boolean
}

type Section = { readonly end: '-->' | ']]>'; readonly isCdata: boolean; readonly offset: number }

/**
 * Reads XML 1.0 with namespaces from pieces of bytes: `push` gives the events that are complete, `end` the rest. Where the
 * pieces are parted makes no difference. UTF-8, UTF-16 and ISO-8859-1; comments and processing instructions are passed over;
 * no document type, so no entities but the five predefined. Offsets count bytes (for UTF-16: of its UTF-8 form).
 *
 * Methods throw `CORE_BYTES_XML_INVALID`, `CORE_BYTES_XML_DOCTYPE` and `CORE_BYTES_XML_LIMIT`; the reader is of no use after.
 *
 * @example
 * ```ts
 * import { XmlReader } from '@exprsn/core/bytes'
 *
 * const reader = new XmlReader()
 * const events = [...reader.push(new TextEncoder().encode('<a href="x">hi</a>')), ...reader.end()]
 * console.log(events.map(({ kind }) => kind)) // [ 'start', 'text', 'end' ]
 * ```
 */
export class XmlReader {
  readonly #limits: ReturnType<typeof xmlLimits>
  readonly #input = new XmlInput()
  readonly #open: OpenElement[] = []
  #context: TagContext
  #events: XmlEvent[] = []
  #buffer = ''
  #base = 0
  #at = 0
  #scanned = 0
  #quote = 0
  #section: Section | undefined
  #text: TextPart[] = []
  #textBytes = 0
  #textOffset = 0
  #hasRoot = false

  constructor(limits: XmlLimits = {}) {
    this.#limits = xmlLimits(limits)
    const { maximumAttributes, maximumNameBytes } = this.#limits
    this.#context = { names: new XmlNames(), isUtf8: true, maximumAttributes, maximumNameBytes }
  }

  /** Takes the next bytes and gives the events that they complete. */
  push(bytes: Uint8Array): XmlEvent[] {
    return this.#feed(this.#input.push(bytes))
  }

  /** Checks that the document is complete. */
  end(): XmlEvent[] {
    const events = this.#feed(this.#input.end())
    const offset = this.#base + this.#buffer.length
    if (this.#section !== undefined || this.#at < this.#buffer.length) throw invalid('it ends inside of markup', offset)
    const open = this.#open.at(-1)
    if (open !== undefined) throw invalid(`it ends before </${open.name.name}>`, offset)
    if (!this.#hasRoot) throw invalid('it has no element', offset)
    this.#endText(offset)
    return events
  }

  #feed(text: string): XmlEvent[] {
    if (this.#base === 0 && this.#input.markBytes > 0 && this.#buffer === '') this.#base = this.#input.markBytes
    this.#buffer = this.#at === this.#buffer.length ? text : this.#buffer.slice(this.#at) + text
    this.#base += this.#at
    this.#scanned = Math.max(0, this.#scanned - this.#at)
    this.#at = 0
    this.#events = []
    while (this.#at < this.#buffer.length && this.#step());
    return this.#events
  }

  /** Takes one piece of text or markup; false when it needs more input. */
  #step(): boolean {
    if (this.#section !== undefined) return this.#readSection(this.#section)
    const open = this.#buffer.indexOf('<', this.#at)
    if (open !== this.#at) {
      this.#addText(this.#buffer.slice(this.#at, open < 0 ? undefined : open), false, this.#base + this.#at)
      this.#at = open < 0 ? this.#buffer.length : open
      return open >= 0
    }
    const next = this.#buffer.charCodeAt(this.#at + 1)
    if (next === 0x21) return this.#readDeclaration()
    if (next === 0x3f) return this.#readInstruction()
    return !Number.isNaN(next) && this.#readTag(next === 0x2f)
  }

  #readTag(isEnd: boolean): boolean {
    const close = this.#findTagEnd()
    if (close < 0) return false
    const offset = this.#base + this.#at
    this.#endText(offset)
    if (isEnd) this.#closeElement(this.#buffer.slice(this.#at + 2, close), offset)
    else this.#openElement(this.#buffer.slice(this.#at + 1, close), offset)
    this.#at = close + 1
    this.#scanned = 0
    return true
  }

  /** The place of the ">" that is in no attribute value. Goes on where it left off. */
  #findTagEnd(): number {
    let at = Math.max(this.#scanned, this.#at + 1)
    let quote = this.#quote
    for (; at < this.#buffer.length; at++) {
      const code = this.#buffer.charCodeAt(at)
      if (quote !== 0) {
        if (code === quote) quote = 0
      } else if (code === 0x22 || code === 0x27) quote = code
      else if (code === 0x3e) break
    }
    if (at - this.#at > this.#limits.maximumTagBytes)
      throw tooMany('bytes in a tag', this.#limits.maximumTagBytes, this.#base + this.#at)
    const isFound = at < this.#buffer.length
    this.#quote = isFound ? 0 : quote
    this.#scanned = at
    return isFound ? at : -1
  }

  #openElement(raw: string, offset: number): void {
    const parent = this.#open.at(-1)
    if (parent === undefined && this.#hasRoot) throw invalid('a second element beside the root', offset)
    if (this.#open.length >= this.#limits.maximumDepth)
      throw tooMany('elements inside each other', this.#limits.maximumDepth, offset)
    this.#hasRoot = true
    const tag = readStartTag(raw, offset + 1, parent?.scope ?? outermostScope, this.#context)
    const { name, prefix, local } = tag.name
    const { namespace, attributes, scope } = tag
    this.#events.push({ kind: 'start', name, prefix, local, namespace, attributes, offset })
    if (tag.isEmpty) this.#events.push({ kind: 'end', name, prefix, local, namespace, offset })
    else this.#open.push({ name: tag.name, namespace, scope })
  }

  #closeElement(raw: string, offset: number): void {
    const open = this.#open.pop()
    const { name } = readEndName(raw, offset + 2, this.#context)
    if (open?.name.name !== name) throw invalid(`</${name}> closes ${open?.name.name ?? 'nothing'}`, offset)
    const { prefix, local } = open.name
    this.#events.push({ kind: 'end', name, prefix, local, namespace: open.namespace, offset })
  }

  #readDeclaration(): boolean {
    const offset = this.#base + this.#at
    const start = this.#buffer.slice(this.#at, this.#at + 9)
    if (start.startsWith('<!--')) this.#section = { end: '-->', isCdata: false, offset }
    else if (start === '<![CDATA[' && this.#open.length > 0) this.#section = { end: ']]>', isCdata: true, offset }
    else if (start.startsWith('<!DOCTYPE')) throw bytesErrors.CORE_BYTES_XML_DOCTYPE({ offset })
    else if ('<!--'.startsWith(start) || '<![CDATA['.startsWith(start) || '<!DOCTYPE'.startsWith(start)) {
      if (start.length === 9) throw invalid('CDATA outside of the root', offset)
      return false
    } else throw invalid('markup that is neither comment nor CDATA', offset)
    this.#at += this.#section.isCdata ? 9 : 4
    return true
  }

  /** Takes as much of a comment or CDATA section as there is, so that a long one needs no memory. */
  #readSection(section: Section): boolean {
    const end = this.#buffer.indexOf(section.end, this.#at)
    const isComment = section.end === '-->'
    const dashes = isComment ? this.#buffer.indexOf('--', this.#at) : -1
    if (dashes >= 0 && dashes !== end && dashes + 2 < this.#buffer.length)
      throw invalid('"--" within a comment', this.#base + dashes)
    // The last two characters may be the beginning of the end.
    const stop = end >= 0 ? end : Math.max(this.#at, this.#buffer.length - 2)
    if (section.isCdata) this.#addText(this.#buffer.slice(this.#at, stop), true, section.offset)
    else checkComment(this.#buffer.slice(this.#at, stop), this.#base + this.#at)
    this.#at = stop
    if (end < 0) return false
    this.#at = end + 3
    this.#section = undefined
    return true
  }

  #readInstruction(): boolean {
    const offset = this.#base + this.#at
    const end = this.#buffer.indexOf('?>', Math.max(this.#at + 2, this.#scanned - 1))
    if ((end < 0 ? this.#buffer.length : end) - this.#at > this.#limits.maximumTagBytes)
      throw tooMany('bytes in an instruction', this.#limits.maximumTagBytes, offset)
    this.#scanned = this.#buffer.length
    if (end < 0) return false
    this.#scanned = 0
    const content = this.#buffer.slice(this.#at + 2, end)
    const target = /^[^\s?]*/u.exec(content)![0]
    const isFirst = offset === this.#input.markBytes
    if (isFirst && target === 'xml') {
      const isUtf8 = isDeclaredUtf8(content, offset) || this.#input.isRewritten || this.#input.markBytes > 0
      this.#context = { ...this.#context, isUtf8 }
    } else {
      this.#context.names.read(target, this.#context.isUtf8, offset + 2)
      decodeText(content, this.#context.isUtf8, offset + 2)
      if (target.includes(':')) throw invalid('an instruction whose name has a colon', offset)
      if (target.toLowerCase() === 'xml') throw invalid('an XML declaration that is not at the start', offset)
    }
    this.#at = end + 2
    return true
  }

  #addText(raw: string, isCdata: boolean, offset: number): void {
    if (this.#text.length === 0) this.#textOffset = offset
    const last = this.#text.at(-1)
    // Two CDATA sections may be joined as well: their ends are gone.
    if (last !== undefined && last.isCdata === isCdata) last.raw += raw
    else this.#text.push({ raw, isCdata })
    this.#textBytes += raw.length
    if (this.#textBytes > this.#limits.maximumTextBytes)
      throw tooMany('bytes in a text', this.#limits.maximumTextBytes, this.#textOffset)
  }

  #endText(offset: number): void {
    if (this.#text.length === 0) return
    const parts = this.#text
    this.#text = []
    this.#textBytes = 0
    let text = ''
    for (const { raw, isCdata } of parts) text += isCdata ? this.#cdata(raw) : this.#plain(raw)
    if (this.#open.length === 0) {
      if (parts.some(({ raw, isCdata }) => isCdata || /[^\t\n\r ]/u.test(raw)))
        throw invalid('text outside of the root', this.#textOffset)
    } else if (text !== '') this.#events.push({ kind: 'text', text, offset: Math.min(this.#textOffset, offset) })
  }

  #plain(raw: string): string {
    if (raw.includes(']]>')) throw invalid('"]]>" in text', this.#textOffset)
    return decodeContent(raw, this.#context.isUtf8, this.#textOffset)
  }

  #cdata(raw: string): string {
    const text = decodeText(raw, this.#context.isUtf8, this.#textOffset)
    return text.includes('\r') ? text.replaceAll(/\r\n?/gu, '\n') : text
  }
}

/** Comments are not decoded, so as to need no memory; control characters are refused there, too. */
function checkComment(raw: string, offset: number): void {
  // oxlint-disable-next-line no-control-regex -- the characters that XML does not have
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/u.test(raw)) throw invalid('a control character in a comment', offset)
}

function invalid(reason: string, offset: number) {
  return bytesErrors.CORE_BYTES_XML_INVALID({ reason, offset })
}

function tooMany(what: string, limit: number, offset: number) {
  return bytesErrors.CORE_BYTES_XML_LIMIT({ what, limit, offset })
}
