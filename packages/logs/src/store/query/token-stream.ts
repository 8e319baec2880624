import { invalidAt, type Token } from './lex.ts'

/** The tokens of a query, one after the other. */
export class TokenStream {
  readonly #tokens: Token[]
  #at = 0

  constructor(tokens: Token[]) {
    this.#tokens = tokens
  }

  get peek(): Token {
    return this.#tokens[this.#at]!
  }

  get isEnd(): boolean {
    return this.peek.type === 'end'
  }

  isSign(text: string): boolean {
    return this.peek.type === 'sign' && this.peek.text === text
  }

  isSignAfter(text: string): boolean {
    const next = this.#tokens[this.#at + 1]
    return next?.type === 'sign' && next.text === text
  }

  isWord(text: string): boolean {
    return this.peek.type === 'word' && this.peek.text === text
  }

  take(): Token {
    const token = this.peek
    if (!this.isEnd) this.#at++
    return token
  }

  takeSign(text: string): boolean {
    const isHere = this.isSign(text)
    if (isHere) this.#at++
    return isHere
  }

  takeWord(text: string): boolean {
    const isHere = this.isWord(text)
    if (isHere) this.#at++
    return isHere
  }

  expectSign(text: string): void {
    if (!this.takeSign(text)) throw invalidAt(this.peek.offset, `"${text}" should stand here`)
  }

  /** A word or a text in quotes. */
  takeValue(): string {
    const { type, text, offset } = this.take()
    if (type !== 'word' && type !== 'text') throw invalidAt(offset, 'a value should stand here')
    return text
  }

  /** A time: its colons are signs elsewhere. */
  takeTime(): { readonly text: string; readonly offset: number } {
    const { offset } = this.peek
    let text = this.takeValue()
    while (this.isSign(':') && !this.peek.isApart) {
      this.take()
      text += `:${this.takeValue()}`
    }
    return { text, offset }
  }

  /** Puts another token in the place of the next. */
  replace(token: Token): void {
    this.#tokens[this.#at] = token
  }
}
