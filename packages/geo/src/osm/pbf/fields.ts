import { osmErrors } from '../errors.ts'
import { readVarint, varintEnd } from './varints.ts'

/**
 * Goes over the fields of a protobuf message without an object per field. The value of a field are the bytes from `from` up to
 * `end`, whatever its wire type, so that a repeated number reads like a packed list of one.
 */
export class Fields {
  /** Where the unpacked bytes come from, for errors. */
  readonly offset: number
  readonly bytes: Uint8Array
  field = 0
  wireType = 0
  from = 0
  end = 0
  #at = 0
  #limit = 0

  constructor(bytes: Uint8Array, offset: number) {
    this.bytes = bytes
    this.offset = offset
  }

  /** Begins with the message in these bytes. */
  enter(from: number, end: number): this {
    this.#at = from
    this.#limit = end
    return this
  }

  /** Moves to the next field; false at the end. @throws `GEO_OSM_INVALID` */
  next(): boolean {
    const { bytes } = this
    const start = this.#at
    if (start >= this.#limit) return false
    let tag = bytes[start]!
    if (tag < 0x80) this.from = start + 1
    else {
      tag = readVarint(bytes, start)
      this.from = varintEnd
      if (!(tag <= 0xffff_ffff)) throw this.invalid('a tag that is no tag', start)
    }
    this.wireType = tag & 7
    this.field = tag >>> 3
    this.#findEnd(start)
    if (this.end > this.#limit) throw this.invalid('a field goes beyond its message', start)
    this.#at = this.end
    return true
  }

  #findEnd(start: number): void {
    if (this.wireType === 2) {
      let length = this.bytes[this.from]!
      if (length < 0x80) this.from++
      else {
        length = readVarint(this.bytes, this.from)
        this.from = varintEnd
      }
      // NaN is no length, and as an end it would be beyond nothing.
      this.end = length >= 0 ? this.from + length : Infinity
    } else if (this.wireType === 0) {
      let at = this.from
      while (this.bytes[at]! > 0x7f) at++
      this.end = at - this.from < 10 ? at + 1 : Infinity
    } else if (this.wireType === 5) this.end = this.from + 4
    else if (this.wireType === 1) this.end = this.from + 8
    else throw this.invalid(`there is no wire type ${this.wireType}`, start)
  }

  /** A number of the field's bytes. */
  number(): number {
    if (this.wireType !== 0) throw this.invalid(`field ${this.field} is no number`, this.from)
    return readVarint(this.bytes, this.from)
  }

  /** Whether the field is a list of varints, or one varint. */
  checkVarints(): void {
    if (this.wireType !== 2 && this.wireType !== 0) throw this.invalid(`field ${this.field} is no list`, this.from)
    if (this.end > this.from && this.bytes[this.end - 1]! > 0x7f)
      throw this.invalid('a number goes beyond its list', this.from)
  }

  /** What is wrong, at a byte of the unpacked bytes. */
  invalid(reason: string, at: number) {
    return osmErrors.GEO_OSM_INVALID({
      offset: this.offset,
      reason: `${reason}, at byte ${at} of what is packed there`,
    })
  }
}
