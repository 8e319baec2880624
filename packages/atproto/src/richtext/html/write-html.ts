import type { TextBuilder } from '../text-builder.ts'
import { htmlTokens, type HtmlToken } from './html-tokens.ts'

const blocks = new Set(
  'address article aside blockquote dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr main nav ol p pre section summary table ul'.split(
    ' ',
  ),
)
const lines = new Set(['li', 'tr', 'option', 'legend', 'caption'])
const hidden = new Set(['head', 'title', 'textarea', 'select', 'button', 'datalist', 'audio', 'video', 'canvas'])
const mostDepth = 64

/** Where a list stands. */
interface List {
  /** The number of the next item; undefined for bullets. */
  next: number | undefined
}

/** Writes HTML as text. What is never closed ends with the document. */
export function writeHtml(html: string, builder: TextBuilder): void {
  new HtmlWriter(builder).write(html)
}

class HtmlWriter {
  readonly #builder: TextBuilder
  readonly #lists: List[] = []
  readonly #indents: string[] = []
  #endLink: (() => void) | undefined
  #preformatted = 0
  #hidden: string | undefined
  #hiddenDepth = 0

  constructor(builder: TextBuilder) {
    this.#builder = builder
  }

  write(html: string): void {
    for (const token of htmlTokens(html)) {
      if (this.#hidden !== undefined) this.#passHidden(token)
      else if (token.kind === 'text') this.#text(token.text)
      else if (token.kind === 'open') this.#open(token)
      else this.#close(token.name)
    }
    this.#endLink?.()
    while (this.#indents.pop() !== undefined) this.#builder.outdent()
  }

  #passHidden(token: HtmlToken): void {
    if (token.kind === 'text' || token.name !== this.#hidden) return
    this.#hiddenDepth += token.kind === 'open' ? 1 : -1
    if (this.#hiddenDepth === 0) this.#hidden = undefined
  }

  #text(text: string): void {
    if (this.#preformatted > 0) this.#builder.code(text)
    else this.#builder.write(text)
  }

  #open({ name, attributes }: HtmlToken & { readonly kind: 'open' }): void {
    if (hidden.has(name)) {
      this.#hidden = name
      this.#hiddenDepth = 1
    } else if (name === 'br') this.#builder.line()
    else if (name === 'img') this.#image(attributes)
    else if (name === 'a') {
      this.#endLink?.()
      this.#endLink = this.#builder.openLink(attributes.get('href') ?? '')
    } else if (name === 'td' || name === 'th') this.#builder.write(' ')
    else if (lines.has(name) || blocks.has(name)) this.#openBlock(name, attributes)
  }

  #image(attributes: ReadonlyMap<string, string>): void {
    const source = attributes.get('src') ?? ''
    if (source !== '') this.#builder.images.push({ source, alt: attributes.get('alt') ?? '' })
  }

  #openBlock(name: string, attributes: ReadonlyMap<string, string>): void {
    const isInner = (name === 'ul' || name === 'ol') && this.#lists.length > 0
    if (lines.has(name) || isInner) this.#builder.line()
    else this.#builder.block()
    if (name === 'pre') this.#preformatted++
    if (name === 'blockquote') this.#indent(name, '> ')
    if (name === 'ul' || name === 'ol') {
      this.#indent(name, '')
      const start = Number(attributes.get('start') ?? 1)
      this.#lists.push({ next: name === 'ol' ? (Number.isSafeInteger(start) ? start : 1) : undefined })
    }
    if (name === 'hr') {
      this.#builder.write('———')
      this.#builder.block()
    }
    if (name === 'li') this.#item()
  }

  #item(): void {
    if (this.#indents.at(-1) === 'li') this.#outdent('li')
    const list = this.#lists.at(-1)
    const marker = list?.next === undefined ? '• ' : `${list.next++}. `
    this.#indent('li', ' '.repeat(marker.length), marker)
  }

  #close(name: string): void {
    if (name === 'a') {
      this.#endLink?.()
      this.#endLink = undefined
      return
    }
    if (name === 'pre' && this.#preformatted > 0) this.#preformatted--
    if (name === 'li' || name === 'blockquote') this.#outdent(name)
    if (name === 'ul' || name === 'ol') {
      if (this.#indents.at(-1) === 'li') this.#outdent('li')
      this.#outdent(name)
      this.#lists.pop()
    }
    if (lines.has(name)) this.#builder.line()
    else if (blocks.has(name)) {
      if ((name === 'ul' || name === 'ol') && this.#lists.length > 0) this.#builder.line()
      else this.#builder.block()
    }
  }

  #indent(name: string, prefix: string, marker?: string): void {
    if (this.#indents.length >= mostDepth) return
    this.#indents.push(name)
    this.#builder.indent(prefix, marker)
  }

  #outdent(name: string): void {
    if (this.#indents.at(-1) !== name) return
    this.#indents.pop()
    this.#builder.outdent()
  }
}
