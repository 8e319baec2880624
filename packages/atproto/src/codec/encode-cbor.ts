import { Cid, cidLength } from './cid.ts'
import { codecErrors } from './errors.ts'
import { rawBytes } from './raw-bytes.ts'

const deepest = 64
const loneSurrogate = /\p{Surrogate}/u

/**
 * Encodes a value as canonical DAG-CBOR: the same value always gives the same bytes, and so the same CID. Properties that
 * are `undefined` are left out.
 *
 * @throws `ATPROTO_VALUE_UNENCODABLE` with the path of the value, for floats, lone surrogates, cycles and foreign objects
 * @example
 * ```ts
 * import { encodeCbor } from '@exprsn/atproto/codec'
 *
 * console.log(encodeCbor({ b: 1, a: [true] })) // Uint8Array(8) [ 162, 97, 97, 129, 245, 97, 98, 1 ]
 * ```
 */
export function encodeCbor(value: unknown): Uint8Array {
  const writer = new CborWriter()
  try {
    writer.value(value, 0)
  } catch (error) {
    throw error instanceof Unencodable
      ? codecErrors.ATPROTO_VALUE_UNENCODABLE({ path: `/${error.path.join('/')}`, reason: error.message })
      : error
  }
  return writer.finish()
}

/** Collects the path on its way up, so that the common case keeps none. */
class Unencodable extends Error {
  readonly path: (string | number)[] = []
}

/** Grows one buffer and writes into it. */
class CborWriter {
  #bytes: Uint8Array = new Uint8Array(512)
  #length = 0

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  value(value: unknown, depth: number): void {
    switch (typeof value) {
      case 'string':
        return this.#text(value)
      case 'number':
        return this.#integer(value)
      case 'boolean':
        return this.#byte(value ? 0xf5 : 0xf4)
      case 'object':
        return this.#object(value, depth)
      default:
        throw new Unencodable(`${typeof value} is not in the data model`)
    }
  }

  #integer(value: number): void {
    if (!Number.isSafeInteger(value)) throw new Unencodable('a number is not a safe integer')
    if (value < 0) this.#head(1, -1 - value)
    else this.#head(0, value)
  }

  #text(text: string): void {
    // Three bytes per code unit is the most that UTF-8 takes.
    this.#reserve(9 + text.length * 3)
    if (text.length < 24 && this.#shortAscii(text)) return
    if (loneSurrogate.test(text)) throw new Unencodable('text has a lone surrogate')
    const length = Buffer.byteLength(text)
    this.#head(3, length)
    this.#length += rawBytes.utf8Write.call(this.#bytes, text, this.#length, length)
  }

  #shortAscii(text: string): boolean {
    const bytes = this.#bytes
    const start = this.#length + 1
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index)
      if (code > 127) return false
      bytes[start + index] = code
    }
    bytes[start - 1] = 0x60 | text.length
    this.#length = start + text.length
    return true
  }

  #object(value: object | null, depth: number): void {
    if (value === null) return this.#byte(0xf6)
    if (value instanceof Cid) return this.#link(value)
    if (value instanceof Uint8Array) return this.#byteString(value)
    if (depth >= deepest) throw new Unencodable(`it is deeper than ${deepest} levels, or a cycle`)
    if (Array.isArray(value)) return this.#array(value, depth)
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype !== Object.prototype && prototype !== null) throw new Unencodable('it is not a plain object')
    this.#map(value as Readonly<Record<string, unknown>>, depth)
  }

  #array(items: readonly unknown[], depth: number): void {
    this.#head(4, items.length)
    for (let index = 0; index < items.length; index++) this.#within(index, items[index], depth)
  }

  #map(map: Readonly<Record<string, unknown>>, depth: number): void {
    const keys = Object.keys(map)
      .filter((key) => map[key] !== undefined)
      .sort(canonicalOrder)
    this.#head(5, keys.length)
    for (const key of keys) {
      this.#text(key)
      this.#within(key, map[key], depth)
    }
  }

  #within(step: string | number, value: unknown, depth: number): void {
    try {
      this.value(value, depth + 1)
    } catch (error) {
      if (error instanceof Unencodable) error.path.unshift(step)
      throw error
    }
  }

  #byteString(bytes: Uint8Array): void {
    this.#head(2, bytes.length)
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  #link(cid: Cid): void {
    this.#reserve(5 + cidLength)
    this.#bytes.set([0xd8, 42, 0x58, cidLength + 1, 0], this.#length)
    this.#bytes.set(cid.bytes, this.#length + 5)
    this.#length += 5 + cidLength
  }

  #byte(byte: number): void {
    this.#reserve(1)
    this.#bytes[this.#length++] = byte
  }

  #head(major: number, argument: number): void {
    this.#reserve(9)
    const bytes = this.#bytes
    if (argument < 24) {
      bytes[this.#length++] = (major << 5) | argument
      return
    }
    const power = argument < 2 ** 8 ? 0 : argument < 2 ** 16 ? 1 : argument < 2 ** 32 ? 2 : 3
    const width = 1 << power
    bytes[this.#length] = (major << 5) | (24 + power)
    let rest = argument
    for (let index = width; index > 0; index--) {
      bytes[this.#length + index] = rest % 256
      rest = Math.floor(rest / 256)
    }
    this.#length += 1 + width
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count))
    grown.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = grown
  }
}

function canonicalOrder(left: string, right: string): number {
  const difference = Buffer.byteLength(left) - Buffer.byteLength(right)
  if (difference !== 0) return difference
  return Buffer.compare(Buffer.from(left), Buffer.from(right))
}
