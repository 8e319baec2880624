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
export function createRecord(parts: LogRecordParts): LogRecord {
  return new Line(parts.id, 0, parts.bytes, 0, parts.bytes.length, parts.fallbackTime)
}

/** A record that lies in a buffer of many; its id is `<prefix>-<sequence>`. */
export function recordIn(
  prefix: string,
  sequence: number,
  buffer: Uint8Array,
  start: number,
  end: number,
  fallbackTime: number,
): LogRecord {
  return new Line(prefix, sequence, buffer, start, end, fallbackTime)
}

const openBrace = 0x7b
const closeBrace = 0x7d

class Line implements LogRecord {
  readonly #prefix: string
  readonly #sequence: number
  readonly #buffer: Uint8Array
  readonly #start: number
  readonly #end: number
  readonly #fallbackTime: number
  #text: string | undefined
  #parsed: LogFields | undefined
  #isJson: boolean | undefined

  constructor(prefix: string, sequence: number, buffer: Uint8Array, start: number, end: number, fallbackTime: number) {
    this.#prefix = prefix
    this.#sequence = sequence
    this.#buffer = buffer
    this.#start = start
    this.#end = end
    this.#fallbackTime = fallbackTime
  }

  get id(): string {
    return this.#sequence === 0 ? this.#prefix : `${this.#prefix}-${this.#sequence}`
  }

  get bytes(): Uint8Array {
    return this.#buffer.subarray(this.#start, this.#end)
  }

  get text(): string {
    return (this.#text ??= Buffer.from(
      this.#buffer.buffer,
      this.#buffer.byteOffset + this.#start,
      this.#end - this.#start,
    ).toString())
  }

  get isJson(): boolean {
    if (this.#isJson === undefined) this.#parse()
    return this.#isJson!
  }

  get fields(): LogFields {
    return this.#parsed ?? this.#parse()
  }

  get time(): number {
    const { time, timestamp, ts } = this.fields
    return timeOf(time) ?? timeOf(timestamp) ?? timeOf(this.fields['@timestamp']) ?? timeOf(ts) ?? this.#fallbackTime
  }

  get level(): LevelName | undefined {
    return levelOf(this.fields.level ?? this.fields.severity)
  }

  #parse(): LogFields {
    let value: unknown
    if (this.#buffer[this.#start] === openBrace && this.#buffer[this.#end - 1] === closeBrace) {
      try {
        value = JSON.parse(this.text)
      } catch {
        // Text that only looks like an object is text.
      }
    }
    this.#isJson = value !== undefined
    return (this.#parsed = (value as LogFields | undefined) ?? { msg: this.text })
  }
}
