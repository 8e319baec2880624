/** Bytes that grow: what a simulated file holds. Everything beyond `size` in the buffer is zero. */
export class FileContent {
  #buffer: Uint8Array
  #size: number

  constructor(bytes: Uint8Array = new Uint8Array()) {
    this.#buffer = bytes
    this.#size = bytes.length
  }

  get size(): number {
    return this.#size
  }

  /** A view of the bytes; valid until the next change. */
  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#size)
  }

  read(target: Uint8Array, position: number): number {
    const some = this.bytes.subarray(position, position + target.length)
    target.set(some)
    return some.length
  }

  write(bytes: Uint8Array, position: number): void {
    const end = position + bytes.length
    this.#reserve(end)
    this.#buffer.set(bytes, position)
    this.#size = Math.max(this.#size, end)
  }

  truncate(size: number): void {
    this.#reserve(size)
    if (size < this.#size) this.#buffer.fill(0, size, this.#size)
    this.#size = size
  }

  copy(): FileContent {
    return new FileContent(this.bytes.slice())
  }

  #reserve(size: number): void {
    if (size <= this.#buffer.length) return
    const larger = new Uint8Array(Math.max(size, this.#buffer.length * 2))
    larger.set(this.bytes)
    this.#buffer = larger
  }
}
