import type { Duplex } from 'node:stream'

const longestLine = 4_096
const endOfMail = Buffer.from('\r\n.\r\n')

/** Reads an SMTP client's lines and mails from a stream, in the order in which they are asked for. */
export class SmtpReader {
  #buffer: Buffer = Buffer.alloc(0)
  #ended = false
  #wake: (() => void) | undefined
  readonly #stop: () => void

  constructor(stream: Duplex) {
    const onData = (chunk: Buffer): void => {
      this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk])
      this.#wake?.()
    }
    const onEnd = (): void => {
      this.#ended = true
      this.#wake?.()
    }
    stream.on('data', onData).on('end', onEnd).on('close', onEnd).on('error', onEnd)
    this.#stop = () => {
      stream.off('data', onData).off('end', onEnd).off('close', onEnd)
      stream.pause()
    }
  }

  /** The next line without its end; undefined when the client is gone, `'too long'` in the place of an endless one. */
  async line(): Promise<{ readonly text: string; readonly tooLong: boolean } | undefined> {
    for (;;) {
      const end = this.#buffer.indexOf('\n')
      if (end === -1 && this.#buffer.length > longestLine) {
        this.#buffer = Buffer.alloc(0)
        return { text: '', tooLong: true }
      }
      if (end !== -1) {
        const text = this.#buffer.subarray(0, end).toString('utf8').replace(/\r$/, '')
        this.#buffer = this.#buffer.subarray(end + 1)
        return { text, tooLong: false }
      }
      if (!(await this.#more())) return undefined
    }
  }

  /**
   * The mail up to the line with a single full stop, dots unstuffed (RFC 5321 §4.5.2); undefined when the client is gone,
   * empty and too large when it exceeds the limit.
   */
  async mail(limit: number): Promise<{ readonly bytes: Buffer; readonly tooLarge: boolean } | undefined> {
    // The line break before the full stop may be the one that ended the command DATA.
    let kept = Buffer.from('\r\n')
    let tooLarge = false
    for (;;) {
      const searched = Math.max(0, kept.length - endOfMail.length)
      kept = Buffer.concat([kept, this.#buffer])
      this.#buffer = Buffer.alloc(0)
      const end = kept.indexOf(endOfMail, searched)
      if (end !== -1) {
        this.#buffer = kept.subarray(end + endOfMail.length)
        tooLarge ||= end > limit
        const bytes = tooLarge ? Buffer.alloc(0) : unstuffed(kept.subarray(0, end + 2))
        return { bytes, tooLarge }
      }
      if (kept.length > limit) {
        tooLarge = true
        kept = Buffer.from(kept.subarray(kept.length - endOfMail.length))
      }
      if (!(await this.#more())) return undefined
    }
  }

  /** Leaves the stream to another reader. What was read ahead is thrown away: it came before TLS and proves nothing. */
  detach(): void {
    this.#stop()
    this.#buffer = Buffer.alloc(0)
  }

  async #more(): Promise<boolean> {
    if (this.#ended) return false
    const length = this.#buffer.length
    await new Promise<void>((resolve) => {
      this.#wake = resolve
    })
    this.#wake = undefined
    return this.#buffer.length > length || !this.#ended
  }
}

/** Takes away the line break in front, and the dots that were added to lines that began with one. */
function unstuffed(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1').replaceAll('\r\n..', '\r\n.')
  return Buffer.from(text.slice(2), 'latin1')
}
