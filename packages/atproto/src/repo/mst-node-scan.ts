import { Cid, cidLength } from '../codec/index.ts'
import { repoErrors } from './errors.ts'

/** The fields kept of an entry: length of the shared prefix, where the rest begins and its length, subtree and value. */
export const scanFields = 5

/**
 * Reads one node of the tree from its bytes, strictly: the only bytes that it accepts are those that the node's content
 * encodes to. It keeps offsets instead of values, and is used again for the next node.
 *
 * A node is `{e: [{k, p, t, v}], l}`: keys without the prefix (p) they share with the one before (k), the subtree right of
 * the entry (t), the record (v) and the subtree left of all entries (l).
 */
export class MstNodeScan {
  /** Where the CID of the left subtree stands; −1 without one. */
  left = -1
  count = 0
  /** {@link scanFields} numbers per entry; a subtree is −1 when there is none. */
  fields = new Int32Array(scanFields * 32)
  #bytes: Uint8Array = new Uint8Array(0)
  #position = 0
  #start = 0
  #end = 0

  scan(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes = bytes
    this.#position = this.#start = start
    this.#end = end
    this.#expect(0xa2, 0x61, 0x65)
    const count = this.#head(4)
    // An entry takes 50 bytes and more: a count beyond that announces what cannot follow.
    if (count * 50 > end - start) throw this.#invalid('its count goes beyond its end')
    if (count * scanFields > this.fields.length) this.fields = new Int32Array(count * scanFields * 2)
    this.count = count
    for (let entry = 0; entry < count; entry++) this.#entry(entry * scanFields)
    this.#expect(0x61, 0x6c)
    this.left = this.#linkOrNull()
    if (this.#position !== end) throw this.#invalid('bytes follow it')
  }

  #entry(at: number): void {
    const { fields } = this
    this.#expect(0xa4, 0x61, 0x6b)
    const length = this.#head(2)
    fields[at + 1] = this.#position
    fields[at + 2] = length
    this.#position += length
    this.#expect(0x61, 0x70)
    fields[at] = this.#head(0)
    this.#expect(0x61, 0x74)
    fields[at + 3] = this.#linkOrNull()
    this.#expect(0x61, 0x76)
    fields[at + 4] = this.#link()
  }

  #expect(first: number, second: number, third?: number): void {
    const bytes = this.#bytes
    const at = this.#position
    const length = third === undefined ? 2 : 3
    const differs = bytes[at] !== first || bytes[at + 1] !== second || (third !== undefined && bytes[at + 2] !== third)
    if (differs || at + length > this.#end) throw this.#invalid('it is not a node in canonical form')
    this.#position = at + length
  }

  /** A type with a number below 65536, in its shortest form. */
  #head(major: number): number {
    const bytes = this.#bytes
    const initial = bytes[this.#position]! - (major << 5)
    if (initial >= 0 && initial < 24) {
      this.#position++
      return initial
    }
    const one = bytes[this.#position + 1]!
    if (initial === 24 && one >= 24) {
      this.#position += 2
      return one
    }
    const two = one * 256 + bytes[this.#position + 2]!
    if (initial !== 25 || !(two >= 256)) throw this.#invalid('a number is not in canonical form')
    this.#position += 3
    return two
  }

  #linkOrNull(): number {
    if (this.#bytes[this.#position] !== 0xf6) return this.#link()
    this.#position++
    return -1
  }

  #link(): number {
    const bytes = this.#bytes
    const at = this.#position
    const isLink =
      at + 5 + cidLength <= this.#end &&
      bytes[at] === 0xd8 &&
      bytes[at + 1] === 42 &&
      bytes[at + 2] === 0x58 &&
      bytes[at + 3] === 37 &&
      bytes[at + 4] === 0 &&
      bytes[at + 5] === 1 &&
      bytes[at + 6] === 0x71 &&
      bytes[at + 7] === 0x12 &&
      bytes[at + 8] === 32
    if (!isLink) throw this.#invalid('a link does not lead to a DAG-CBOR block')
    this.#position = at + 5 + cidLength
    return at + 5
  }

  #invalid(reason: string): Error {
    return nodeError(this.#bytes, this.#start, reason)
  }
}

/** Names the node by the CID that stands in front of it in an archive; a lone block has none. */
export function nodeError(bytes: Uint8Array, start: number, reason: string): Error {
  const cid = start >= cidLength ? String(new Cid(bytes, start - cidLength)) : 'at hand'
  return repoErrors.ATPROTO_MST_INVALID({ cid, reason })
}
