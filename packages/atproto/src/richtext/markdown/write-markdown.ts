import { writeHtml } from '../html/write-html.ts'
import type { TextBuilder } from '../text-builder.ts'
import { writeInline } from './write-inline.ts'
import { takeReferences, type References } from './references.ts'

/** Containers within containers: what is deeper is text. */
const deepest = 16

/** Writes Markdown (CommonMark, and the tables of GitHub) as text: headings, emphasis and the like are their words. */
export function writeMarkdown(markdown: string, builder: TextBuilder): void {
  const all = markdown.replaceAll('\0', '\ufffd').split(/\r\n|\n|\r/)
  const { lines, references } = takeReferences(all)
  new MarkdownWriter(builder, references).blocks(lines, 0)
}

const fencePattern = /^ {0,3}(`{3,}|~{3,})(.*)$/
const headingPattern = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/
const bulletPattern = /^( {0,3})([-+*])(?:( {1,4})(?! )|( )|(?=\t)|$)/
const numberPattern = /^( {0,3})(\d{1,9})([.)])(?:( {1,4})(?! )|( )|(?=\t)|$)/
const htmlPattern = /^ {0,3}<(?:[a-zA-Z][a-zA-Z\d-]*(?=[\s/>]|$)|\/[a-zA-Z]|!--|\?|![a-zA-Z])/

class MarkdownWriter {
  readonly #builder: TextBuilder
  readonly #references: References

  constructor(builder: TextBuilder, references: References) {
    this.#builder = builder
    this.#references = references
  }

  blocks(lines: readonly string[], depth: number, isTight = false): void {
    let index = 0
    let isFirst = true
    while (index < lines.length) {
      if (isBlank(lines[index]!)) {
        index++
        continue
      }
      if (isTight || (isFirst && depth > 0)) this.#builder.line()
      else this.#builder.block()
      isFirst = false
      index = this.#block(lines, index, depth)
    }
  }

  #block(lines: readonly string[], index: number, depth: number): number {
    const line = lines[index]!
    const fence = fencePattern.exec(line)
    if (fence !== null && !(fence[1]!.startsWith('`') && fence[2]!.includes('`')))
      return this.#fenced(lines, index, fence[1]!)
    if (isIndented(line)) return this.#indented(lines, index)
    const heading = headingPattern.exec(line)
    if (heading !== null) {
      this.#inline(withoutClosingMarks(heading[2] ?? ''))
      return index + 1
    }
    if (isBreak(line)) {
      this.#builder.write('———')
      return index + 1
    }
    if (depth < deepest && isQuote(line)) return this.#quote(lines, index, depth)
    if (depth < deepest && itemOf(line) !== undefined) return this.#list(lines, index, depth)
    if (htmlPattern.test(line)) return this.#html(lines, index)
    if (isTable(lines, index)) return this.#table(lines, index)
    return this.#paragraph(lines, index, depth)
  }

  #fenced(lines: readonly string[], from: number, fence: string): number {
    const code: string[] = []
    let index = from + 1
    for (; index < lines.length; index++) {
      const end = fencePattern.exec(lines[index]!)
      if (end !== null && end[1]!.startsWith(fence) && end[1]![0] === fence[0] && isBlank(end[2]!)) break
      code.push(lines[index]!)
    }
    this.#builder.code(code.join('\n'))
    return index + 1
  }

  #indented(lines: readonly string[], from: number): number {
    const code: string[] = []
    let index = from
    for (; index < lines.length && (isIndented(lines[index]!) || isBlank(lines[index]!)); index++)
      code.push(lines[index]!.replace(/^(?: {4}|\t)/, ''))
    while (code.length > 0 && isBlank(code.at(-1)!)) code.pop()
    this.#builder.code(code.join('\n'))
    return index
  }

  #quote(lines: readonly string[], from: number, depth: number): number {
    const inner: string[] = []
    let index = from
    for (; index < lines.length; index++) {
      const line = lines[index]!
      if (isQuote(line)) inner.push(line.replace(/^ {0,3}> ?/, ''))
      else if (isBlank(line) || isBlank(inner.at(-1)!) || this.#beginsBlock(line)) break
      else inner.push(line)
    }
    this.#builder.indent('> ')
    this.blocks(inner, depth + 1)
    this.#builder.outdent()
    return index
  }

  #list(lines: readonly string[], from: number, depth: number): number {
    const kind = itemOf(lines[from]!)!.kind
    let number = itemOf(lines[from]!)!.number
    let index = from
    while (index < lines.length) {
      const item = itemOf(lines[index]!)
      if (item === undefined || item.kind !== kind || isBreak(lines[index]!)) break
      const { inner, next } = this.#item(lines, index, item.width)
      const marker = number === undefined ? '• ' : `${number++}. `
      this.#builder.line()
      this.#builder.indent(' '.repeat(marker.length), marker)
      this.blocks(inner, depth + 1, !inner.slice(0, -1).some(isBlank))
      this.#builder.outdent()
      index = next
      let behind = index
      while (behind < lines.length && isBlank(lines[behind]!)) behind++
      if (behind < lines.length && itemOf(lines[behind]!)?.kind === kind) index = behind
    }
    return index
  }

  /** The lines of an item: those that stand as far in as its text, and what goes on with its paragraph. */
  #item(lines: readonly string[], from: number, width: number): { readonly inner: string[]; readonly next: number } {
    const inner = [withoutTabs(lines[from]!).slice(width)]
    let index = from + 1
    for (; index < lines.length; index++) {
      const line = withoutTabs(lines[index]!)
      if (isBlank(line)) {
        // An item that begins with an empty line has no second one.
        if (inner.every(isBlank)) break
        inner.push('')
      } else if (indentOf(line) >= width) inner.push(line.slice(width))
      else if (isBlank(inner.at(-1)!) || itemOf(line) !== undefined || this.#beginsBlock(line)) break
      else inner.push(line.trimStart())
    }
    while (inner.length > 1 && isBlank(inner.at(-1)!)) inner.pop()
    return { inner, next: index }
  }

  #html(lines: readonly string[], from: number): number {
    let index = from
    while (index < lines.length && !isBlank(lines[index]!)) index++
    // Scripts and comments end where they end, not at an empty line.
    const terminator = /^ {0,3}<(script|style|pre|textarea)/i.exec(lines[from]!)?.[1]
    const isComment = lines[from]!.trimStart().startsWith('<!--')
    if (terminator !== undefined || isComment) {
      const end = isComment ? '-->' : `</${terminator!.toLowerCase()}`
      index = from
      while (index < lines.length && !lines[index]!.toLowerCase().includes(end)) index++
      index++
    }
    writeHtml(lines.slice(from, index).join('\n'), this.#builder)
    return index
  }

  #table(lines: readonly string[], from: number): number {
    let index = from
    for (; index < lines.length && lines[index]!.includes('|') && !isBlank(lines[index]!); index++) {
      if (index === from + 1) continue
      this.#builder.line()
      const cells = lines[index]!.trim().replace(/^\|/, '').replace(/\|$/, '').split('|')
      this.#inline(cells.map((cell) => cell.trim()).join(' | '))
    }
    return index
  }

  #paragraph(lines: readonly string[], from: number, depth: number): number {
    const text = [lines[from]!.trimStart()]
    let index = from + 1
    for (; index < lines.length; index++) {
      const line = lines[index]!
      if (isBlank(line)) break
      // An underline makes a heading of it.
      if (/^ {0,3}(?:=+|-+)[ \t]*$/.test(line)) {
        index++
        break
      }
      if (this.#beginsBlock(line) || (depth < deepest && isQuote(line))) break
      text.push(line.trimStart())
    }
    this.#inline(text.join('\n').trimEnd())
    return index
  }

  /** What ends a paragraph without an empty line before it. */
  #beginsBlock(line: string): boolean {
    if (isIndented(line)) return false
    const item = itemOf(line)
    const isItem = item !== undefined && item.hasText && (item.number ?? 1) === 1
    return isItem || fencePattern.test(line) || headingPattern.test(line) || isBreak(line) || isQuote(line)
  }

  #inline(text: string): void {
    writeInline(text, this.#builder, this.#references)
  }
}

interface ListItem {
  readonly kind: string
  readonly number: number | undefined
  /** Where its text begins. */
  readonly width: number
  readonly hasText: boolean
}

function itemOf(line: string): ListItem | undefined {
  if (isBreak(line)) return undefined
  const found = bulletPattern.exec(line) ?? numberPattern.exec(line)
  if (found === null) return undefined
  const isNumber = /\d/.test(found[2]!)
  const [mark, gap] = isNumber ? [found[2]! + found[3]!, found[4] ?? ' '] : [found[2]!, found[3] ?? ' ']
  return {
    kind: isNumber ? found[3]! : found[2]!,
    number: isNumber ? Number(found[2]) : undefined,
    width: found[1]!.length + mark.length + gap.length,
    hasText: !isBlank(line.slice(found[0].length)),
  }
}

function isTable(lines: readonly string[], index: number): boolean {
  if (!lines[index]!.includes('|')) return false
  const rule = lines[index + 1]
  if (rule === undefined || !rule.includes('|') || !/^[\s|:-]+$/.test(rule)) return false
  return rule.includes('-')
}

function isQuote(line: string): boolean {
  return /^ {0,3}>/.test(line)
}

function isBreak(line: string): boolean {
  const marks = line.replaceAll(/[ \t]/g, '')
  const mark = marks[0]
  if (marks.length < 3 || (mark !== '-' && mark !== '*' && mark !== '_') || indentOf(line) > 3) return false
  for (const character of marks) if (character !== mark) return false
  return true
}

function withoutClosingMarks(text: string): string {
  const trimmed = text.trimEnd()
  let end = trimmed.length
  while (trimmed[end - 1] === '#') end--
  return end === 0 || trimmed[end - 1] === ' ' || trimmed[end - 1] === '\t' ? trimmed.slice(0, end) : trimmed
}

function withoutTabs(line: string): string {
  return line.replace(/^[ \t]*/, (lead) => lead.replaceAll('\t', '    ')).replace(/^([-+*]|\d{1,9}[.)])\t/, '$1   ')
}

function indentOf(line: string): number {
  let width = 0
  while (line[width] === ' ') width++
  return width
}

function isIndented(line: string): boolean {
  return /^(?: {4}| {0,3}\t)/.test(line) && !isBlank(line)
}

function isBlank(line: string): boolean {
  return line.trim() === ''
}
