import type { Clock } from '@exprsn/core'
import type { Disk, DiskFile } from '@exprsn/core/disk'
import type { LogRecord } from '../record/log-record.ts'

/** A line that a sink will never take, as one line of JSON in `<spool>/dead-letters/<sink>-<id>.ndjson`. */
export interface DeadLetter {
  /** ISO 8601: when it was given up. */
  readonly time: string
  readonly sink: string
  /** The sink's words. */
  readonly reason: string
  readonly id: string
  readonly line: string
}

/** Where one sink's dead letters go. */
export class DeadLetters {
  /** Lines written. */
  count = 0
  /** Lines that found no room. */
  dropped = 0
  readonly #disk: Disk
  readonly #clock: Clock
  readonly #folder: string
  readonly #path: string
  readonly #sink: string
  readonly #limit: number
  #file: DiskFile | undefined
  #bytes = 0

  constructor(parts: {
    readonly disk: Disk
    readonly clock: Clock
    readonly spool: string
    readonly sink: string
    readonly id: string
    readonly limit: number
  }) {
    this.#disk = parts.disk
    this.#clock = parts.clock
    this.#sink = parts.sink
    this.#limit = parts.limit
    this.#folder = `${parts.spool}/dead-letters`
    this.#path = `${this.#folder}/${parts.sink.replaceAll(/[^\w.-]/g, '_')}-${parts.id}.ndjson`
  }

  /** Keeps lines with the reason; durable when it resolves, because the spool forgets them then. */
  async add(letters: readonly { readonly record: LogRecord; readonly reason: string }[]): Promise<void> {
    const time = new Date(this.#clock.now()).toISOString()
    const lines = letters.map(({ record, reason }) => {
      const letter: DeadLetter = {
        time,
        sink: this.#sink,
        reason: reason.slice(0, 2_000),
        id: record.id,
        line: record.text,
      }
      return `${JSON.stringify(letter)}\n`
    })
    const bytes = Buffer.from(lines.join(''))
    if (this.#bytes + bytes.length > this.#limit) {
      this.dropped += letters.length
      return
    }
    const file = await this.#open()
    await file.write(bytes, this.#bytes)
    await file.fdatasync()
    this.#bytes += bytes.length
    this.count += letters.length
  }

  async close(): Promise<void> {
    await this.#file?.close()
    this.#file = undefined
  }

  async #open(): Promise<DiskFile> {
    if (this.#file !== undefined) return this.#file
    await this.#disk.makeFolder(this.#folder, { permissions: 0o700 })
    this.#file = await this.#disk.open(this.#path, 'create', { permissions: 0o600 })
    await this.#disk.fsyncFolder(this.#folder)
    return this.#file
  }
}
