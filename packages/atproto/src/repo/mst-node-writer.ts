import { cidLength, writeCidOf, type Cid } from '../codec/index.ts'

/** Writes nodes of the tree one after another into one buffer that grows. */
export class MstNodeWriter {
  #bytes: Uint8Array = new Uint8Array(8192)
  #length = 0

  /** Begins a node of so many entries. */
  begin(count: number): void {
    this.#length = 0
    this.#reserve(16)
    this.#head(5, 2)
    this.#field(0x65)
    this.#head(4, count)
  }

  /** Adds an entry whose key shares `prefix` characters with the one before. */
  entry(prefix: number, key: string, tree: Cid | null, value: Cid): void {
    const length = key.length - prefix
    this.#reserve(length + 128)
    this.#head(5, 4)
    this.#field(0x6b)
    this.#head(2, length)
    const bytes = this.#bytes
    for (let index = 0; index < length; index++) bytes[this.#length + index] = key.charCodeAt(prefix + index)
    this.#length += length
    this.#field(0x70)
    this.#head(0, prefix)
    this.#field(0x74)
    this.#link(tree)
    this.#field(0x76)
    this.#link(value)
  }

  /** Ends the node and gives its block. */
  end(left: Cid | null): Uint8Array {
    this.#reserve(64)
    this.#field(0x6c)
    this.#link(left)
    return this.#bytes.slice(0, this.#length)
  }

  #link(cid: Cid | null): void {
    const bytes = this.#bytes
    const at = this.#length
    if (cid === null) {
      bytes[at] = 0xf6
      this.#length = at + 1
      return
    }
    bytes[at] = 0xd8
    bytes[at + 1] = 42
    bytes[at + 2] = 0x58
    bytes[at + 3] = cidLength + 1
    bytes[at + 4] = 0
    cid.writeTo(bytes, at + 5)
    this.#length = at + 5 + cidLength
  }

  #head(major: number, value: number): void {
    const bytes = this.#bytes
    if (value < 24) bytes[this.#length++] = (major << 5) | value
    else if (value < 256) {
      bytes[this.#length++] = (major << 5) | 24
      bytes[this.#length++] = value
    } else {
      bytes[this.#length++] = (major << 5) | 25
      bytes[this.#length++] = value >> 8
      bytes[this.#length++] = value & 255
    }
  }

  /** The name of a field: text of one letter. */
  #field(letter: number): void {
    this.#bytes[this.#length++] = 0x61
    this.#bytes[this.#length++] = letter
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return
    const grown = new Uint8Array((this.#length + count) * 2)
    grown.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = grown
  }
}

/** How many characters two keys begin with alike. */
export function commonPrefix(left: string, right: string): number {
  const most = Math.min(left.length, right.length)
  let length = 0
  while (length < most && left.charCodeAt(length) === right.charCodeAt(length)) length++
  return length
}

/** The bytes of the CID of a node. */
export function nodeCidBytes(block: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(cidLength)
  writeCidOf('dag-cbor', block, bytes, 0)
  return bytes
}
