import { lastChar, namedRanges, normalRanges, otherRanges } from './char-ranges.ts'
import type { CharRange, PatternNode } from './pattern-node.ts'

const newline = 0x0a
const controls: Readonly<Record<string, number>> = { a: 7, f: 12, n: newline, r: 13, t: 9, v: 11 }
const anyChar: PatternNode = { type: 'char', ranges: otherRanges([[newline, newline]]) }

/** Thrown, and caught, where the pattern has something that the tree does not know. */
class Unknown extends Error {}

/**
 * Reads a pattern that RE2 takes. Undefined where it has what automata over bytes are not made for: flags, names, word
 * boundaries, classes of Unicode, code points by number.
 */
export function parsePattern(pattern: string): PatternNode | undefined {
  try {
    const parser = new PatternParser(pattern)
    return parser.parse()
  } catch (error) {
    if (error instanceof Unknown) return undefined
    throw error
  }
}

class PatternParser {
  readonly #chars: readonly string[]
  #at = 0

  constructor(pattern: string) {
    this.#chars = Array.from(pattern)
  }

  parse(): PatternNode {
    const node = this.#choice()
    if (this.#at < this.#chars.length) throw new Unknown()
    return node
  }

  #choice(): PatternNode {
    const nodes = [this.#sequence()]
    while (this.#take('|')) nodes.push(this.#sequence())
    return nodes.length === 1 ? nodes[0]! : { type: 'choice', nodes }
  }

  #sequence(): PatternNode {
    const nodes: PatternNode[] = []
    while (this.#at < this.#chars.length && this.#next !== '|' && this.#next !== ')') nodes.push(this.#repeated())
    return nodes.length === 1 ? nodes[0]! : { type: 'sequence', nodes }
  }

  #repeated(): PatternNode {
    let node = this.#atom()
    for (;;) {
      const bounds = this.#quantifier()
      if (bounds === undefined) return node
      this.#take('?')
      node = { type: 'repeat', node, least: bounds[0], most: bounds[1] }
    }
  }

  #quantifier(): readonly [number, number] | undefined {
    if (this.#take('*')) return [0, Infinity]
    if (this.#take('+')) return [1, Infinity]
    if (this.#take('?')) return [0, 1]
    if (this.#next !== '{') return undefined
    // A brace that begins no repetition is a brace.
    const text = this.#chars.slice(this.#at, this.#at + 16).join('')
    const found = /^\{(0|[1-9]\d*)(,(0|[1-9]\d*)?)?\}/.exec(text)
    if (found === null) return undefined
    this.#at += found[0].length
    const least = Number(found[1])
    return [least, found[2] === undefined ? least : found[3] === undefined ? Infinity : Number(found[3])]
  }

  #atom(): PatternNode {
    const char = this.#chars[this.#at++]!
    if (char === '(') {
      if (this.#take('?') && !this.#take(':')) throw new Unknown()
      const node = this.#choice()
      if (!this.#take(')')) throw new Unknown()
      return node
    }
    if (char === '[') return { type: 'char', ranges: this.#class() }
    if (char === '.') return anyChar
    if (char === '^') return { type: 'begin' }
    if (char === '$') return { type: 'end' }
    if (char !== '\\') return charNode(char.codePointAt(0)!)
    if (this.#take('A')) return { type: 'begin' }
    if (this.#take('z')) return { type: 'end' }
    const ranges = this.#named()
    return ranges === undefined ? charNode(this.#escaped()) : { type: 'char', ranges }
  }

  #class(): CharRange[] {
    const isNegated = this.#take('^')
    const ranges: CharRange[] = []
    for (let isFirst = true; isFirst || this.#next !== ']'; isFirst = false) {
      if (this.#next === '[' && this.#chars[this.#at + 1] === ':') throw new Unknown()
      if (this.#next === '\\') {
        this.#at++
        const named = this.#named()
        if (named !== undefined) {
          ranges.push(...named)
          continue
        }
        this.#at--
      }
      const from = this.#classChar()
      const isRange = this.#next === '-' && this.#chars[this.#at + 1] !== ']'
      if (isRange) this.#at++
      ranges.push([from, isRange ? this.#classChar() : from])
    }
    this.#at++
    return isNegated ? otherRanges(ranges) : normalRanges(ranges)
  }

  #classChar(): number {
    const char = this.#chars[this.#at++]
    if (char === undefined) throw new Unknown()
    return char === '\\' ? this.#escaped() : char.codePointAt(0)!
  }

  /** What stands behind a backslash, as ranges; undefined where that is one character. */
  #named(): readonly CharRange[] | undefined {
    const name = this.#next ?? ''
    const ranges = namedRanges[name.toLowerCase()]
    if (ranges === undefined) return undefined
    this.#at++
    return name === name.toLowerCase() ? ranges : otherRanges(ranges)
  }

  #escaped(): number {
    const char = this.#chars[this.#at++] ?? ''
    const control = controls[char]
    if (control !== undefined) return control
    if (!/^[!-/:-@[-`{-~ ]$/.test(char)) throw new Unknown()
    return char.codePointAt(0)!
  }

  get #next(): string | undefined {
    return this.#chars[this.#at]
  }

  #take(char: string): boolean {
    if (this.#next !== char) return false
    this.#at++
    return true
  }
}

function charNode(char: number): PatternNode {
  if (char > lastChar || (char >= 0xd800 && char <= 0xdfff)) throw new Unknown()
  return { type: 'char', ranges: [[char, char]] }
}
