import { statementErrors } from './errors.ts'
import type { StatementFormat } from './bank-statement.ts'

/** One line of a text, without its end. */
export interface TextLine {
  readonly text: string
  /** From 1. */
  readonly number: number
}

const longestLine = 1_048_576

/** Decodes bytes and parts them into lines that end with CR, LF or both, wherever the pieces are parted. */
export class StatementLines {
  readonly #decoder: InstanceType<typeof TextDecoder>
  readonly #format: StatementFormat
  readonly #encoding: string
  #rest = ''
  #number = 0

  constructor(format: StatementFormat, encoding: string) {
    this.#format = format
    this.#encoding = encoding
    try {
      this.#decoder = new TextDecoder(encoding, { fatal: true })
    } catch (cause) {
      throw statementErrors.PAYMENTS_STATEMENT_INVALID(
        { format, place: 'the start', reason: `the encoding ${encoding} is not known` },
        { cause },
      )
    }
  }

  push(bytes: Uint8Array): TextLine[] {
    return this.#split(this.#decode(bytes), false)
  }

  end(): TextLine[] {
    return this.#split(this.#decode(undefined), true)
  }

  #decode(bytes: Uint8Array | undefined): string {
    try {
      return bytes === undefined ? this.#decoder.decode() : this.#decoder.decode(bytes, { stream: true })
    } catch (cause) {
      throw this.#invalid(`it is not ${this.#encoding}: pass its encoding`, cause)
    }
  }

  #split(text: string, isEnd: boolean): TextLine[] {
    const all = this.#rest + text
    const lines: TextLine[] = []
    let start = 0
    for (;;) {
      const feed = all.indexOf('\n', start)
      if (feed < 0) break
      lines.push(this.#line(all.slice(start, feed)))
      start = feed + 1
    }
    this.#rest = all.slice(start)
    if (isEnd && this.#rest !== '') {
      lines.push(this.#line(this.#rest))
      this.#rest = ''
    }
    if (this.#rest.length > longestLine) throw this.#invalid(`a line is longer than ${longestLine} characters`)
    return lines
  }

  #line(text: string): TextLine {
    return { text: text.endsWith('\r') ? text.slice(0, -1) : text, number: ++this.#number }
  }

  #invalid(reason: string, cause?: unknown) {
    const place = `line ${this.#number + 1}`
    return statementErrors.PAYMENTS_STATEMENT_INVALID({ format: this.#format, place, reason }, { cause })
  }
}
