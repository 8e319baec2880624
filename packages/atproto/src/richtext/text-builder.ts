import { detectSpans } from './detect-spans.ts'
import type { LinkSpan, RichText, TextSpan } from './rich-text.ts'

/** A picture that stood in a document. */
export interface DocumentImage {
  readonly source: string
  readonly alt: string
}

/** What a document becomes: its text, its spans, and the pictures that stood in it. */
export interface DocumentText extends RichText {
  readonly images: readonly DocumentImage[]
}

const deepestPrefix = 12

/** Writes the text of a document block by block, with links as spans. White space of the source is not kept outside of code. */
export class TextBuilder {
  readonly images: DocumentImage[] = []
  readonly #parts: string[] = []
  readonly #links: LinkSpan[] = []
  /** Where nothing is looked for: code. */
  readonly #quiet: { readonly start: number; readonly end: number }[] = []
  readonly #prefixes: string[] = []
  #marker: string | undefined
  #length = 0
  #breaks = 0
  /** The outermost place since the last line. */
  #depthOfBreak = 0
  #hasSpace = false
  #isLineStart = true

  /** Begins a paragraph: there is an empty line before it. */
  block(): void {
    this.#break(2)
  }

  /** Begins a line. */
  line(): void {
    this.#break(1)
  }

  /** What follows is within a quote or an item of a list: each of its lines begins with this. */
  indent(prefix: string, marker?: string): void {
    this.#prefixes.push(this.#prefixes.length < deepestPrefix ? prefix : '')
    if (marker !== undefined) this.#marker = marker
  }

  outdent(): void {
    this.#prefixes.pop()
    this.#marker = undefined
    this.#depthOfBreak = Math.min(this.#depthOfBreak, this.#prefixes.length)
  }

  /** Adds text; white space in it is one space, and none at the ends of lines. */
  write(text: string): void {
    let start = 0
    for (let index = 0; index <= text.length; index++) {
      const isEnd = index === text.length
      if (!isEnd && !isBlank(text.charCodeAt(index))) continue
      if (index > start) this.#word(text.slice(start, index))
      if (!isEnd) this.#hasSpace = true
      start = index + 1
    }
  }

  /** Adds code: lines as they are, in which no links are looked for. */
  code(text: string): void {
    const from = this.#length
    for (const [index, whole] of text.split(/\r\n|\n|\r/).entries()) {
      const line = whole.trimEnd()
      if (index > 0) this.#break(1, true)
      if (line !== '') this.#word(line)
      if (line !== whole) this.#hasSpace = true
    }
    this.#quiet.push({ start: from, end: this.#length })
  }

  /** A link around what is written by `content`; one without text shows its address. */
  link(uri: string, content: () => void): void {
    const end = this.openLink(uri)
    content()
    end()
  }

  /** Begins a link; what is given back ends it. Links within links are left out. */
  openLink(target: string): () => void {
    const uri = webAddress(target)
    if (uri === undefined) return () => {}
    const before = this.#length
    const links = this.#links.length
    return () => {
      if (this.#length === before) this.#word(target.trim())
      if (this.#links.length > links) return
      const written = this.#since(before)
      const lead = written.length - written.trimStart().length
      const text = written.trim()
      const start = before + lead
      if (text !== '') this.#links.push({ kind: 'link', start, end: start + text.length, uri })
    }
  }

  /** Text and spans; what looks like a link, a mention or a tag elsewhere is one. */
  build(): DocumentText {
    const text = this.#parts.join('')
    return { text, spans: mergeSpans(this.#links, detectSpans(text), this.#quiet), images: this.images }
  }

  #word(word: string): void {
    if (this.#isLineStart) this.#startLine()
    else if (this.#hasSpace) this.#add(' ')
    this.#hasSpace = false
    this.#add(word)
  }

  #startLine(): void {
    const { length } = this.#prefixes
    const outer = this.#prefixes.slice(0, this.#marker === undefined ? length : length - 1).join('')
    const inner = outer + (this.#marker ?? '')
    if (this.#length > 0) {
      // An empty line within a quote is one of the quote.
      const around = this.#prefixes.slice(0, this.#depthOfBreak).filter((prefix) => prefix.trim() !== '')
      const empty = around.join('').trimEnd()
      this.#add('\n')
      for (let index = 1; index < this.#breaks; index++) this.#add(`${empty}\n`)
    }
    this.#add(inner)
    this.#marker = undefined
    this.#breaks = 0
    this.#isLineStart = false
  }

  #break(lines: number, isExact = false): void {
    this.#hasSpace = false
    const { length } = this.#prefixes
    this.#depthOfBreak = this.#isLineStart ? Math.min(this.#depthOfBreak, length) : length
    this.#isLineStart = true
    this.#breaks = isExact ? this.#breaks + lines : Math.max(this.#breaks, lines)
  }

  #add(text: string): void {
    if (text === '') return
    this.#parts.push(text)
    this.#length += text.length
  }

  #since(start: number): string {
    let text = ''
    for (let index = this.#parts.length - 1, at = this.#length; index >= 0 && at > start; index--) {
      text = this.#parts[index]! + text
      at -= this.#parts[index]!.length
    }
    return text
  }
}

/** An address on the web; undefined for all others, `javascript:` above all. */
function webAddress(target: string): string | undefined {
  const trimmed = target.trim()
  if (!/^https?:\/\//i.test(trimmed) || trimmed.length > 2_048) return undefined
  try {
    return new URL(trimmed).href
  } catch {
    return undefined
  }
}

/** Those of the author come first; what was found stands where none of them is, and no code. */
function mergeSpans(
  links: readonly LinkSpan[],
  found: readonly TextSpan[],
  quiet: readonly { readonly start: number; readonly end: number }[],
): TextSpan[] {
  const spans: TextSpan[] = []
  const taken = [...links, ...quiet].toSorted((one, other) => one.start - other.start)
  let next = 0
  for (const span of found) {
    while (next < taken.length && taken[next]!.end <= span.start) next++
    if (next < taken.length && taken[next]!.start < span.end) continue
    spans.push(span)
  }
  return [...spans, ...links].toSorted((one, other) => one.start - other.start)
}

function isBlank(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13)
}
