import { levelOf, type LevelName } from './level.ts'
import { timeOf } from './time.ts'

/** The fields of a line that is a JSON object, or `{ msg }` for any other text. */
export type LogFields = Readonly<Record<string, unknown>>

/** One line on its way to a sink. What it says is worked out when somebody asks. */
export interface LogRecord {
  /** The same after every crash and in every attempt, and given to no other line: what sinks recognise repetitions by. */
  readonly id: string
  /** UTF-8, without the newline. */
  readonly bytes: Uint8Array
  readonly text: string
  /** Whether the line is a JSON object. */
  readonly isJson: boolean
  readonly fields: LogFields
  /** Milliseconds since 1970: what the line says, else when its spool segment was begun. The same in every attempt. */
  readonly time: number
  /** What the line says; undefined when it names none. */
  readonly level: LevelName | undefined
}

/** What a {@link LogRecord} is made from. */
export interface LogRecordParts {
  readonly id: string
  readonly bytes: Uint8Array
  /** Milliseconds since 1970, for lines that name no time. */
  readonly fallbackTime: number
}

/**
 * Makes the record of a line.
 *
 * @example
 * ```ts
 * import { createRecord } from '@exprsn/logs'
 *
 * const record = createRecord({ id: '1', bytes: Buffer.from('{"level":50,"msg":"late"}'), fallbackTime: 0 })
 * console.log(record.level, record.fields.msg) // error late
 * ```
 */
export function createRecord({ id, bytes, fallbackTime }: LogRecordParts): LogRecord {
  return new Line({ prefix: id, buffer: bytes, fallbackTime }, 0, 0, bytes.length)
}

/** What lines that lie in one buffer have in common. */
export interface LinePage {
  /** Of the ids, which are `<prefix>-<sequence>`. */
  readonly prefix: string
  readonly buffer: Uint8Array
  readonly fallbackTime: number
}

/** A record that lies in a buffer of many. */
export function recordIn(page: LinePage, sequence: number, start: number, end: number): LogRecord {
  return new Line(page, sequence, start, end)
}

const openBrace = 0x7b
const closeBrace = 0x7d

/** A replay makes millions of these a second: what many have in common is in their page. */
class Line implements LogRecord {
  readonly #page: LinePage
  readonly #sequence: number
  readonly #start: number
  readonly #end: number
  #text: string | undefined
  #fields: LogFields | undefined

  constructor(page: LinePage, sequence: number, start: number, end: number) {
    this.#page = page
    this.#sequence = sequence
    this.#start = start
    this.#end = end
  }

  get id(): string {
    return this.#sequence === 0 ? this.#page.prefix : `${this.#page.prefix}-${this.#sequence}`
  }

  get bytes(): Uint8Array {
    return this.#page.buffer.subarray(this.#start, this.#end)
  }

  get text(): string {
    const { buffer, byteOffset } = this.#page.buffer
    return (this.#text ??= Buffer.from(buffer, byteOffset + this.#start, this.#end - this.#start).toString())
  }

  get isJson(): boolean {
    // An object whose `msg` is its own text would have to be longer than itself.
    return this.fields.msg !== this.text
  }

  get fields(): LogFields {
    return (this.#fields ??= this.#parse())
  }

  get time(): number {
    const { time, timestamp, ts } = this.fields
    return (
      timeOf(time) ?? timeOf(timestamp) ?? timeOf(this.fields['@timestamp']) ?? timeOf(ts) ?? this.#page.fallbackTime
    )
  }

  get level(): LevelName | undefined {
    return levelOf(this.fields.level ?? this.fields.severity)
  }

  #parse(): LogFields {
    const { buffer } = this.#page
    if (buffer[this.#start] === openBrace && buffer[this.#end - 1] === closeBrace) {
      try {
        return JSON.parse(this.text) as LogFields
      } catch {
        // Text that only looks like an object is text.
      }
    }
    return { msg: this.text }
  }
}
