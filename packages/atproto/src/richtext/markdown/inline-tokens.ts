import { labelOf, type References } from './references.ts'
import { takeEmphasis } from './take-emphasis.ts'
import { ForwardSearch } from './forward-search.ts'

/** What the text of a paragraph is made of. */
export type InlineToken =
  | { readonly kind: 'text' | 'literal' | 'code'; text: string }
  | { readonly kind: 'line' | 'link-end' | 'image-end' }
  | { readonly kind: 'link' | 'image' | 'address'; readonly target: string }

interface Bracket {
  readonly token: number
  readonly isImage: boolean
  /** Behind the bracket, in the text. */
  readonly start: number
}

const longestTarget = 2_048
const longestLabel = 200

/** Takes the text of a paragraph apart, from its beginning to its end: nothing is looked at more than a few times. */
export function inlineTokens(text: string, references: References): InlineToken[] {
  return new InlineReader(text, references).read()
}

class InlineReader {
  readonly #text: string
  readonly #references: References
  readonly #tokens: InlineToken[] = []
  readonly #brackets: Bracket[] = []
  readonly #search: ForwardSearch
  readonly #closings: Int32Array
  #index = 0

  constructor(text: string, references: References) {
    this.#text = text
    this.#references = references
    this.#search = new ForwardSearch(text)
    this.#closings = closingParentheses(text)
  }

  read(): InlineToken[] {
    const text = this.#text
    const special = /[\\`<[\]!\n*_~]/g
    while (this.#index < text.length) {
      special.lastIndex = this.#index
      const found = special.exec(text)
      const end = found?.index ?? text.length
      if (end > this.#index) this.#add(text.slice(this.#index, end))
      this.#index = end
      if (found !== null) this.#mark(found[0])
    }
    return takeEmphasis(this.#tokens)
  }

  #mark(mark: string): void {
    switch (mark) {
      case '\\':
        return this.#escape()
      case '`':
        return this.#code()
      case '<':
        return this.#angle()
      case '\n':
        return this.#lineEnd()
      case '!':
        if (this.#text[this.#index + 1] === '[') return this.#open(true)
        return this.#literal(1)
      case '[':
        return this.#open(false)
      case ']':
        return this.#close()
      default:
        return this.#run(mark)
    }
  }

  #escape(): void {
    const next = this.#text[this.#index + 1] ?? ''
    if (next === '\n') {
      this.#tokens.push({ kind: 'line' })
      this.#index += 2
    } else if (/[!-/:-@[-`{-~]/.test(next)) {
      this.#tokens.push({ kind: 'literal', text: next })
      this.#index += 2
    } else this.#literal(1)
  }

  #code(): void {
    const length = this.#runLength('`')
    const end = this.#search.backticks(length, this.#index + length)
    if (end === undefined) return this.#literal(length)
    let code = this.#text.slice(this.#index + length, end).replaceAll('\n', ' ')
    if (code.startsWith(' ') && code.endsWith(' ') && code.trim() !== '') code = code.slice(1, -1)
    this.#tokens.push({ kind: 'code', text: code })
    this.#index = end + length
  }

  /** An address in angle brackets; a tag is left out. */
  #angle(): void {
    const end = this.#search.indexOf('>', this.#index)
    if (end < 0) return this.#literal(1)
    const inner = this.#text.slice(this.#index + 1, Math.min(end, this.#index + longestTarget))
    if (/^https?:\/\/[^\s<>]+$/i.test(inner)) {
      this.#tokens.push({ kind: 'address', target: inner })
      this.#index = end + 1
    } else if (/^[\w.+-]{1,64}@[\w.-]{1,255}$/.test(inner)) {
      this.#tokens.push({ kind: 'literal', text: inner })
      this.#index = end + 1
    } else if (inner.startsWith('!--')) {
      const close = this.#search.indexOf('-->', this.#index)
      if (close < 0) return this.#literal(1)
      this.#index = close + 3
    } else if (/^\/?[a-zA-Z][\w-]*(?:[\s/]|$)|^[!?]/.test(inner)) {
      if (/^br\b/i.test(inner)) this.#tokens.push({ kind: 'line' })
      this.#index = end + 1
    } else this.#literal(1)
  }

  #lineEnd(): void {
    const last = this.#tokens.at(-1)
    const isHard = last?.kind === 'text' && last.text.endsWith('  ')
    this.#tokens.push(isHard ? { kind: 'line' } : { kind: 'literal', text: ' ' })
    this.#index++
  }

  #open(isImage: boolean): void {
    this.#literal(isImage ? 2 : 1)
    this.#brackets.push({ token: this.#tokens.length - 1, isImage, start: this.#index })
  }

  #close(): void {
    const bracket = this.#brackets.pop()
    const found = bracket === undefined ? undefined : this.#targetOf(bracket)
    if (bracket === undefined || found === undefined) return this.#literal(1)
    const { isImage, token } = bracket
    this.#tokens[token] = { kind: isImage ? 'image' : 'link', target: found.target }
    this.#tokens.push({ kind: isImage ? 'image-end' : 'link-end' })
    this.#index = found.end
  }

  /** Behind the closing bracket: an address in parentheses, a label, or nothing when the text is one. */
  #targetOf({ start }: Bracket): { readonly target: string; readonly end: number } | undefined {
    const behind = this.#index + 1
    const inline = this.#text[behind] === '(' ? this.#inlineTarget(behind) : undefined
    if (inline !== undefined) return inline
    if (this.#references.size === 0) return undefined
    if (this.#text[behind] === '[') {
      const end = this.#search.indexOf(']', behind)
      if (end > behind + 1 && end - behind <= longestLabel) {
        const target = this.#references.get(labelOf(this.#text.slice(behind + 1, end)))
        return target === undefined ? undefined : { target, end: end + 1 }
      }
    }
    if (this.#index - start > longestLabel) return undefined
    const target = this.#references.get(labelOf(this.#text.slice(start, this.#index)))
    const end = this.#text.startsWith('[]', behind) ? behind + 2 : behind
    return target === undefined ? undefined : { target, end }
  }

  #inlineTarget(open: number): { readonly target: string; readonly end: number } | undefined {
    const text = this.#text
    let start = open + 1
    while (isBlank(text.charCodeAt(start))) start++
    let end: number
    let target: string
    if (text[start] === '<') {
      const close = this.#search.indexOf('>', start)
      if (close < 0 || close - start > longestTarget) return undefined
      target = text.slice(start + 1, close)
      end = close + 1
    } else {
      const close = start === open + 1 ? this.#closings[open]! : -1
      end = close >= 0 ? close : this.#search.blank(start)
      // Without white space the parenthesis before a title is not the last.
      if (close < 0 && text[end - 1] === ')') end--
      target = text.slice(start, end)
    }
    if (target.length > longestTarget) return undefined
    while (isBlank(text.charCodeAt(end))) end++
    const quote = text[end]
    if (quote === '"' || quote === "'") {
      const close = this.#search.indexOf(quote, end + 1)
      if (close < 0) return undefined
      end = close + 1
      while (isBlank(text.charCodeAt(end))) end++
    }
    return text[end] === ')' ? { target: target.replaceAll(/\\([!-/:-@[-`{-~])/g, '$1'), end: end + 1 } : undefined
  }

  /** A run of marks of emphasis, which are taken out where they are in pairs. */
  #run(mark: string): void {
    const length = this.#runLength(mark)
    this.#literal(length)
  }

  #runLength(mark: string): number {
    let length = 1
    while (this.#text[this.#index + length] === mark) length++
    return length
  }

  #literal(length: number): void {
    this.#add(this.#text.slice(this.#index, this.#index + length))
    this.#index += length
  }

  #add(text: string): void {
    this.#tokens.push({ kind: 'text', text })
  }
}

/** For each parenthesis that opens, the one that closes it with no white space between; else -1. */
function closingParentheses(text: string): Int32Array {
  const closings = new Int32Array(text.length).fill(-1)
  let open: number[] = []
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === 92) index++
    else if (isBlank(code)) open = []
    else if (code === 40) open.push(index)
    else if (code === 41) {
      const start = open.pop()
      if (start !== undefined) closings[start] = index
    }
  }
  return closings
}

function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13)
}
