import { statementErrors } from '../errors.ts'

/** A tag, with the text behind it when it begins an element. */
export type OfxToken =
  | { readonly kind: 'open'; readonly name: string; readonly value: string; readonly offset: number }
  | { readonly kind: 'close'; readonly name: string; readonly offset: number }

const longest = 65_536
const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', nbsp: ' ', quot: '"', apos: "'" }

/**
 * Parts OFX into tags: SGML without ends and XML alike. Neither a document type nor entities of its own are read, so there
 * is nothing to expand. The encoding is the one that the header names.
 */
export class OfxTokens {
  #bytes: Uint8Array[] = []
  #head = 0
  #decoder: InstanceType<typeof TextDecoder> | undefined
  #text = ''
  #offset = 0

  push(bytes: Uint8Array): OfxToken[] {
    if (this.#decoder !== undefined) return this.#take(this.#decode(bytes), false)
    this.#bytes.push(bytes)
    this.#head += bytes.length
    return this.#head < 1024 ? [] : this.#begin()
  }

  end(): OfxToken[] {
    const tokens = this.#decoder === undefined ? this.#begin() : []
    return [...tokens, ...this.#take(this.#decode(undefined), true)]
  }

  #begin(): OfxToken[] {
    const head = Buffer.concat(this.#bytes)
    this.#bytes = []
    this.#decoder = new TextDecoder(encodingOf(head.toString('latin1', 0, 1024)), { fatal: true })
    const text = this.#decode(head)
    const start = text.search(/<OFX[\s>]/i)
    if (start < 0 && !/OFXHEADER/i.test(text)) throw invalid(0, 'there is no header and no <OFX>')
    const entity = text.slice(0, Math.max(0, start)).search(/<!ENTITY/i)
    if (entity >= 0) throw invalid(entity, 'a document type with entities of its own')
    this.#offset = Math.max(0, start)
    return this.#take(start < 0 ? '' : text.slice(start), false)
  }

  #decode(bytes: Uint8Array | undefined): string {
    try {
      return bytes === undefined ? this.#decoder!.decode() : this.#decoder!.decode(bytes, { stream: true })
    } catch (cause) {
      throw invalid(this.#offset, 'it is not in the encoding of its header', cause)
    }
  }

  #take(more: string, isEnd: boolean): OfxToken[] {
    const text = this.#text + more
    const tokens: OfxToken[] = []
    let at = 0
    for (;;) {
      const open = text.indexOf('<', at)
      if (open < 0) {
        at = text.length
        break
      }
      const close = text.indexOf('>', open)
      // The value of a tag reaches to the next one.
      const next = close < 0 ? -1 : text.indexOf('<', close)
      if (close < 0 || (next < 0 && !isEnd)) {
        at = open
        break
      }
      const tag = text.slice(open + 1, close).trim()
      const token = tokenOf(tag, text.slice(close + 1, next < 0 ? undefined : next), this.#offset + open)
      if (token !== undefined) tokens.push(token)
      at = next < 0 ? text.length : next
    }
    this.#text = text.slice(at)
    this.#offset += at
    if (this.#text.length > longest)
      throw invalid(this.#offset, `a tag and its value are longer than ${longest} characters`)
    if (isEnd && this.#text.trim() !== '') throw invalid(this.#offset, 'the file ends within a tag')
    return tokens
  }
}

function tokenOf(tag: string, value: string, offset: number): OfxToken | undefined {
  if (/^!DOCTYPE|^!ENTITY/i.test(tag)) throw invalid(offset, 'a document type')
  if (tag.startsWith('?') || tag.startsWith('!')) return undefined
  const isClose = tag.startsWith('/')
  const name = (isClose ? tag.slice(1) : tag).toUpperCase()
  if (!/^[A-Z][A-Z0-9._]{0,63}$/.test(name)) throw invalid(offset, `<${tag.slice(0, 40)}> is no tag`)
  if (isClose) return { kind: 'close', name, offset }
  return { kind: 'open', name, value: plainText(value.trim()), offset }
}

function plainText(text: string): string {
  return text.includes('&') ? text.replace(/&(\w+);/g, (whole, name: string) => entities[name] ?? whole) : text
}

function encodingOf(head: string): string {
  if (/encoding=["']utf-8["']/i.test(head) || /ENCODING:\s*UTF-?8/i.test(head)) return 'utf-8'
  if (/CHARSET:\s*(?:1252|NONE)/i.test(head) || /ENCODING:\s*USASCII/i.test(head)) return 'windows-1252'
  return 'utf-8'
}

function invalid(offset: number, reason: string, cause?: unknown) {
  return statementErrors.PAYMENTS_STATEMENT_INVALID({ format: 'ofx', place: `character ${offset}`, reason }, { cause })
}
