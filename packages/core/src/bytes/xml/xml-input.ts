import { bytesErrors } from '../errors.ts'

/**
 * Turns bytes into a string with one character per byte (latin1), whose index is the byte's offset: UTF-16 is rewritten as
 * UTF-8 first. What is UTF-8 or ISO-8859-1 is told apart later, by the declaration (XML 1.0, appendix F).
 */
export class XmlInput {
  #head = new Uint8Array(0)
  #decoder: InstanceType<typeof TextDecoder> | undefined
  #isKnown = false

  /** Whether the input was UTF-16, so that a declared encoding no longer matters. */
  isRewritten = false
  /** Bytes of a byte order mark that were dropped. */
  markBytes = 0

  push(bytes: Uint8Array): string {
    if (this.#isKnown) return this.#decode(bytes)
    const head = new Uint8Array(this.#head.length + bytes.length)
    head.set(this.#head)
    head.set(bytes, this.#head.length)
    this.#head = head
    return head.length < 4 ? '' : this.#begin()
  }

  end(): string {
    const rest = this.#isKnown ? '' : this.#begin()
    if (this.#decoder === undefined) return rest
    return rest + this.#rewrite(undefined)
  }

  #begin(): string {
    const head = this.#head
    this.#isKnown = true
    this.#head = new Uint8Array(0)
    const [first, second] = head
    if ((first === 0xff && second === 0xfe) || (first === 0x3c && second === 0)) this.#decoder = utf16('utf-16le')
    else if ((first === 0xfe && second === 0xff) || (first === 0 && second === 0x3c)) this.#decoder = utf16('utf-16be')
    else if (first === 0xef && second === 0xbb && head[2] === 0xbf) {
      this.markBytes = 3
      return this.#decode(head.subarray(3))
    }
    this.isRewritten = this.#decoder !== undefined
    return this.#decode(head)
  }

  #decode(bytes: Uint8Array): string {
    return this.#decoder === undefined ? latin1(bytes) : this.#rewrite(bytes)
  }

  #rewrite(bytes: Uint8Array | undefined): string {
    try {
      const text = bytes === undefined ? this.#decoder!.decode() : this.#decoder!.decode(bytes, { stream: true })
      return Buffer.from(text, 'utf8').toString('latin1')
    } catch (cause) {
      throw bytesErrors.CORE_BYTES_XML_INVALID({ reason: 'it is not valid UTF-16', offset: 0 }, { cause })
    }
  }
}

function utf16(encoding: string): InstanceType<typeof TextDecoder> {
  return new TextDecoder(encoding, { fatal: true })
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
