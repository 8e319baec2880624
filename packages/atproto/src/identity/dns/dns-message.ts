import { randomBelow, type Random } from '@exprsn/core'

/** Record types of RFC 1035 §3.2.2 that are understood here. */
const typeCname = 5
const typeSoa = 6
const typeTxt = 16
const classInternet = 1

/** What a name server says about the TXT records of a name. */
export interface TxtResponse {
  /** RFC 1035 §4.1.1: 0 is an answer, 3 says that there is no such name. */
  readonly code: number
  /** The answer did not fit into the datagram: ask again over TCP. */
  readonly truncated: boolean
  /** The texts, each in one piece. */
  readonly records: readonly string[]
  /** Seconds for which this may be kept; with no records that of the negative answer (RFC 2308 §5). */
  readonly ttl: number
}

/** A question for the TXT records of a name, and the name as the answer must repeat it. */
export interface TxtQuery {
  readonly id: number
  readonly bytes: Uint8Array
}

/** Writes a recursive question. The id is drawn, so that an answer cannot be forged unseen (RFC 5452). */
export function encodeTxtQuery(name: string, random: Random): TxtQuery {
  const id = randomBelow(random, 65_536)
  const labels = name.split('.').map((label) => Buffer.from(label, 'ascii'))
  const question = labels.flatMap((label) => [label.length, ...label])
  const bytes = Uint8Array.from([id >> 8, id & 255, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...question, 0, 0, typeTxt, 0, 1])
  return { id, bytes }
}

/**
 * Reads the answer to a question; undefined when it is the answer to another, or none at all. Any bytes may come here.
 */
export function decodeTxtResponse(bytes: Uint8Array, name: string, id: number): TxtResponse | undefined {
  try {
    return new MessageReader(bytes).read(name.toLowerCase(), id)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

interface DnsRecord {
  readonly owner: string
  readonly type: number
  readonly ttl: number
  readonly start: number
  readonly end: number
}

/** Reads past the end throw RangeError, as those of a DataView do. */
class MessageReader {
  readonly #view: DataView
  readonly #bytes: Uint8Array
  #position = 12

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  read(name: string, id: number): TxtResponse | undefined {
    const view = this.#view
    const flags = view.getUint16(2)
    const isResponse = view.getUint16(0) === id && flags >> 15 === 1 && view.getUint16(4) === 1
    if (!isResponse || this.#name() !== name || this.#uint16() !== typeTxt || this.#uint16() !== classInternet)
      return undefined
    const answers = this.#records(view.getUint16(6))
    const authorities = this.#records(view.getUint16(8))
    return { code: flags & 15, truncated: (flags & 0x200) !== 0, ...this.#follow(name, answers, authorities) }
  }

  /** The texts of the name, or of the name that an alias leads to. */
  #follow(
    name: string,
    answers: readonly DnsRecord[],
    authorities: readonly DnsRecord[],
  ): { readonly records: readonly string[]; readonly ttl: number } {
    let owner = name
    let ttl = Infinity
    for (let step = 0; step <= answers.length; step++) {
      const texts = answers.filter((record) => record.type === typeTxt && record.owner === owner)
      if (texts.length > 0) {
        return {
          records: texts.map((record) => this.#text(record)),
          ttl: Math.min(ttl, ...texts.map((text) => text.ttl)),
        }
      }
      const alias = answers.find((record) => record.type === typeCname && record.owner === owner)
      if (alias === undefined) break
      ttl = Math.min(ttl, alias.ttl)
      this.#position = alias.start
      owner = this.#name()
    }
    return { records: [], ttl: Math.min(ttl, this.#negativeTtl(authorities)) }
  }

  #negativeTtl(authorities: readonly DnsRecord[]): number {
    const soa = authorities.find(({ type }) => type === typeSoa)
    return soa === undefined ? Infinity : Math.min(soa.ttl, this.#view.getUint32(soa.end - 4))
  }

  /** RFC 1035 §3.3.14: a text longer than 255 bytes stands in several pieces. */
  #text({ start, end }: DnsRecord): string {
    const pieces: Uint8Array[] = []
    for (let position = start; position < end;) {
      const next = position + 1 + this.#bytes[position]!
      if (next > end) throw new RangeError('a piece of text goes beyond its record')
      pieces.push(this.#bytes.subarray(position + 1, next))
      position = next
    }
    return Buffer.concat(pieces).toString('latin1')
  }

  #records(count: number): readonly DnsRecord[] {
    const records: DnsRecord[] = []
    for (let number = 0; number < count; number++) {
      const owner = this.#name()
      const type = this.#uint16()
      const isInternet = this.#uint16() === classInternet
      const ttl = this.#view.getUint32(this.#position)
      this.#position += 4
      const length = this.#uint16()
      const start = this.#position
      this.#position += length
      if (this.#position > this.#bytes.length) throw new RangeError('a record goes beyond its message')
      // RFC 2181 §8: a TTL with the top bit set means zero.
      if (isInternet) records.push({ owner, type, ttl: ttl > 0x7fff_ffff ? 0 : ttl, start, end: start + length })
    }
    return records
  }

  /** RFC 1035 §4.1.4. Pointers must lead back, so that no message leads in a circle. */
  #name(): string {
    const labels: string[] = []
    let position = this.#position
    let lowest = position
    let end: number | undefined
    for (;;) {
      const length = this.#view.getUint8(position)
      if (length >= 0xc0) {
        end ??= position + 2
        position = this.#view.getUint16(position) & 0x3fff
        if (position >= lowest) throw new RangeError('a name leads forward')
        lowest = position
        continue
      }
      if (length > 63) throw new RangeError('a label is of an unknown kind')
      position += 1 + length
      if (length === 0) break
      if (position > this.#bytes.length || labels.length >= 128) throw new RangeError('a name does not end')
      labels.push(
        Buffer.from(this.#bytes.subarray(position - length, position))
          .toString('latin1')
          .toLowerCase(),
      )
    }
    this.#position = end ?? position
    return labels.join('.')
  }

  #uint16(): number {
    const value = this.#view.getUint16(this.#position)
    this.#position += 2
    return value
  }
}
