/** How an entry stands: only ours has it, one of each, or something that must be looked at more closely. */
const [alone, paired, unequal, many] = [0, 1, 2, 3]

/**
 * Finds the names that exactly one row of either side has, with equal amounts: an open-addressing table over bytes, 64 bytes
 * per row of ours, no strings (2 s for a million names in a `Map` of strings, 0.3 s here). Whatever is not exactly that is
 * left to the rules: their result for the others does not depend on these pairs, because what a name decides depends only on
 * rows with that name.
 *
 * A record is four doubles: amount, place of our row, place of theirs, and two integers: where its name begins, and
 * state · currency · length of the name.
 */
export class ExactJoin {
  #records: Float64Array
  #ints: Int32Array
  #slots: Int32Array
  #names: Uint8Array
  #count = 0
  #nameBytes = 0
  /** Places of rows that are left over, beside those of the table. */
  readonly #left: number[] = []
  readonly #right: number[] = []

  /** @param rows about how many of ours will come */
  constructor(rows: number, nameBytes: number) {
    const capacity = Math.max(16, rows)
    this.#records = new Float64Array(4 * capacity)
    this.#ints = new Int32Array(this.#records.buffer)
    this.#slots = new Int32Array(2 * slotsFor(capacity))
    this.#names = new Uint8Array(Math.max(64, nameBytes))
  }

  addLeft(
    hash: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    amount: number,
    currency: number,
    place: number,
  ) {
    const slot = this.#find(hash, bytes, start, end)
    const known = this.#slots[slot + 1]!
    if (known !== 0) {
      this.#setState(known - 1, many)
      this.#left.push(place)
      return
    }
    if (this.#count * 4 === this.#records.length) {
      this.#grow()
      this.addLeft(hash, bytes, start, end, amount, currency, place)
      return
    }
    const record = this.#count++
    this.#slots[slot] = hash
    this.#slots[slot + 1] = record + 1
    const length = end - start
    if (this.#nameBytes + length > this.#names.length) this.#growNames(length)
    const names = this.#names
    for (let at = start, to = this.#nameBytes; at < end; at++, to++) names[to] = bytes[at]!
    this.#records[4 * record] = amount
    this.#records[4 * record + 1] = place
    this.#ints[8 * record + 6] = this.#nameBytes
    this.#ints[8 * record + 7] = (alone << 24) | (currency << 16) | length
    this.#nameBytes += length
  }

  /** After all of ours. */
  addRight(
    hash: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    amount: number,
    currency: number,
    place: number,
  ) {
    const known = this.#slots[this.#find(hash, bytes, start, end) + 1]!
    if (known === 0) {
      this.#right.push(place)
      return
    }
    const record = known - 1
    const packed = this.#ints[8 * record + 7]!
    const state = packed >>> 24
    if (state === alone) {
      const isEqual = this.#records[4 * record] === amount && ((packed >>> 16) & 255) === currency
      this.#setState(record, isEqual ? paired : unequal)
      this.#records[4 * record + 2] = place
      return
    }
    if (state !== many) {
      this.#right.push(this.#records[4 * record + 2]!)
      this.#setState(record, many)
    }
    this.#right.push(place)
  }

  /** A row without a name. */
  addRest(side: 'left' | 'right', place: number): void {
    ;(side === 'left' ? this.#left : this.#right).push(place)
  }

  /** What came of it: pairs and their sums by currency, and the places of all other rows, ascending. */
  finish(): { pairs: Float64Array; sums: bigint[]; left: Float64Array; right: Float64Array } {
    const pairs = new Float64Array(256)
    const sums: bigint[] = []
    const running = new Float64Array(256)
    for (let record = 0; record < this.#count; record++) {
      const packed = this.#ints[8 * record + 7]!
      const state = packed >>> 24
      if (state !== paired) {
        this.#left.push(this.#records[4 * record + 1]!)
        if (state === unequal) this.#right.push(this.#records[4 * record + 2]!)
        continue
      }
      const currency = (packed >>> 16) & 255
      const amount = this.#records[4 * record]!
      pairs[currency]!++
      const sum = running[currency]! + amount
      if (Number.isSafeInteger(sum)) running[currency] = sum
      else {
        sums[currency] = (sums[currency] ?? 0n) + BigInt(running[currency]!)
        running[currency] = amount
      }
    }
    for (let currency = 0; currency < 256; currency++)
      if (pairs[currency]! > 0) sums[currency] = (sums[currency] ?? 0n) + BigInt(running[currency]!)
    return { pairs, sums, left: Float64Array.from(this.#left).sort(), right: Float64Array.from(this.#right).sort() }
  }

  /** Where the slot of a name is, or the free one where it belongs. */
  #find(hash: number, bytes: Uint8Array, start: number, end: number): number {
    const slots = this.#slots
    const mask = slots.length - 1
    for (let slot = (hash << 1) & mask; ; slot = (slot + 2) & mask) {
      const known = slots[slot + 1]!
      if (known === 0 || (slots[slot] === hash && this.#isName(known - 1, bytes, start, end))) return slot
    }
  }

  #isName(record: number, bytes: Uint8Array, start: number, end: number): boolean {
    if ((this.#ints[8 * record + 7]! & 0xffff) !== end - start) return false
    const names = this.#names
    for (let at = start, to = this.#ints[8 * record + 6]!; at < end; at++, to++)
      if (names[to] !== bytes[at]) return false
    return true
  }

  #setState(record: number, state: number): void {
    this.#ints[8 * record + 7] = (this.#ints[8 * record + 7]! & 0xffffff) | (state << 24)
  }

  #grow(): void {
    const records = new Float64Array(this.#records.length * 2)
    records.set(this.#records)
    this.#records = records
    this.#ints = new Int32Array(records.buffer)
    const old = this.#slots
    this.#slots = new Int32Array(2 * slotsFor(records.length / 4))
    const mask = this.#slots.length - 1
    for (let at = 0; at < old.length; at += 2) {
      if (old[at + 1] === 0) continue
      let slot = (old[at]! << 1) & mask
      while (this.#slots[slot + 1] !== 0) slot = (slot + 2) & mask
      this.#slots[slot] = old[at]!
      this.#slots[slot + 1] = old[at + 1]!
    }
  }

  #growNames(length: number): void {
    const names = new Uint8Array(Math.max(this.#names.length * 2, this.#nameBytes + length))
    names.set(this.#names.subarray(0, this.#nameBytes))
    this.#names = names
  }
}

/** A power of two, at most five eighths full. */
function slotsFor(rows: number): number {
  let slots = 16
  while (slots * 0.625 < rows) slots *= 2
  return slots
}
