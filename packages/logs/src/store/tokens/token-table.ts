import { grown } from '../grown.ts'
import { tokenBytes } from '../line/character-classes.ts'
import { encodePostings } from './posting-list.ts'
import type { BlockTokens } from './block-tokens.ts'
import { longestIndexedToken } from './token-hash.ts'
import { enlargedSlots, firstSlot } from './token-slots.ts'
import { noRow, type TokenText } from './token-text.ts'

/**
 * The tokens of a block and the rows they stand in. Tokens are compared byte by byte, in an open-addressing table over typed
 * arrays: a Map of strings costs four times as much. The plain way of `TokenKernel`, for blocks that are too large for it.
 */
export class TokenTable {
  #slots = new Int32Array(1 << 12)
  #hashes = new Uint32Array(1 << 10)
  #offsets = new Uint32Array(1 << 10)
  #lengths = new Uint8Array(1 << 10)
  #counts = new Uint16Array(1 << 10)
  #lastRows = new Int32Array(1 << 10)
  #count = 0
  #arena = new Uint8Array(1 << 14)
  #arenaEnd = 0
  #pairTokens = new Uint32Array(1 << 12)
  #pairRows = new Uint16Array(1 << 12)
  #pairCount = 0
  /** Whether a row came after a later one. */
  #isDisordered = false

  /** Adds the tokens of values. */
  addText({ bytes, rows }: TokenText): void {
    let start = 0
    for (const row of rows) {
      const end = bytes.indexOf(0x0a, start)
      if (row !== noRow) this.add(bytes, start, end, row)
      start = end + 1
    }
  }

  /** Adds the tokens of a text in UTF-8. */
  add(bytes: Uint8Array, start: number, end: number, row: number): void {
    let at = start
    for (;;) {
      let byte = 0
      while (at < end && (byte = tokenBytes[bytes[at]!]!) === 0) at++
      if (at >= end) return
      const from = this.#arenaEnd
      if (from + longestIndexedToken > this.#arena.length) this.#arena = grown(this.#arena)
      const arena = this.#arena
      let hash = 0x811c_9dc5
      let length = 0
      do {
        if (length < longestIndexedToken) {
          hash = Math.imul(hash ^ byte, 0x0100_0193)
          arena[from + length++] = byte
        }
        at++
      } while (at < end && (byte = tokenBytes[bytes[at]!]!) !== 0)
      this.#take(hash >>> 0, from, length, row)
    }
  }

  /** What was added. The table can be added to afterwards. */
  toBlock(rows: number): BlockTokens {
    const count = this.#count
    const counts = this.#counts
    /** Where each token's rows begin among all rows, and the rows themselves, sorted by token. */
    const begins = new Uint32Array(count + 1)
    for (let token = 0; token < count; token++) begins[token + 1] = begins[token]! + counts[token]!
    const sorted = new Uint16Array(this.#pairCount)
    const next = begins.slice()
    for (let pair = 0; pair < this.#pairCount; pair++) sorted[next[this.#pairTokens[pair]!]!++] = this.#pairRows[pair]!
    const rowsOf = (token: number): Uint16Array => {
      const rowsOfToken = sorted.subarray(begins[token]!, begins[token + 1]!)
      return this.#isDisordered ? Uint16Array.from(new Set(rowsOfToken)).sort() : rowsOfToken
    }
    const several: number[] = []
    const singles = new Uint32Array(count)
    let singleCount = 0
    for (let token = 0; token < count; token++) {
      if (counts[token]! > 1) several.push(token)
      else singles[singleCount++] = this.#hashes[token]!
    }
    const offsets = new Uint32Array(several.length + 1)
    const severalCounts = new Uint16Array(several.length)
    const parts = several.map((token, index) => {
      const rowsOfToken = rowsOf(token)
      severalCounts[index] = rowsOfToken.length
      const part = encodePostings(rowsOfToken, rows)
      offsets[index + 1] = offsets[index]! + part.length
      return part
    })
    const names = several.map((token) => {
      const from = this.#offsets[token]!
      return Buffer.from(this.#arena.subarray(from, from + this.#lengths[token]!)).toString('latin1')
    })
    return {
      rows,
      names: Buffer.from(names.map((name) => `${name}\n`).join('')),
      counts: severalCounts,
      postings: Buffer.concat(parts),
      offsets,
      singles: singles.slice(0, singleCount),
    }
  }

  #take(hash: number, from: number, length: number, row: number): void {
    const slots = this.#slots
    const mask = slots.length - 1
    let slot = firstSlot(hash, slots.length)
    for (;;) {
      const token = slots[slot]! - 1
      if (token < 0) break
      if (
        this.#hashes[token] === hash &&
        this.#lengths[token] === length &&
        this.#isSame(this.#offsets[token]!, from, length)
      ) {
        if (this.#lastRows[token] === row) return
        if (this.#lastRows[token]! > row) this.#isDisordered = true
        this.#lastRows[token] = row
        this.#counts[token]!++
        this.#addPair(token, row)
        return
      }
      slot = (slot + 1) & mask
    }
    const token = this.#count++
    if (token === this.#hashes.length) this.#growTokens()
    this.#hashes[token] = hash
    this.#offsets[token] = from
    this.#lengths[token] = length
    this.#counts[token] = 1
    this.#lastRows[token] = row
    this.#arenaEnd = from + length
    slots[slot] = token + 1
    this.#addPair(token, row)
    if (this.#count * 2 > slots.length) this.#slots = enlargedSlots(this.#slots, this.#hashes, this.#count)
  }

  #isSame(first: number, second: number, length: number): boolean {
    const arena = this.#arena
    for (let index = 0; index < length; index++) if (arena[first + index] !== arena[second + index]) return false
    return true
  }

  #addPair(token: number, row: number): void {
    if (this.#pairCount === this.#pairRows.length) {
      this.#pairTokens = grown(this.#pairTokens)
      this.#pairRows = grown(this.#pairRows)
    }
    this.#pairTokens[this.#pairCount] = token
    this.#pairRows[this.#pairCount++] = row
  }

  #growTokens(): void {
    this.#hashes = grown(this.#hashes)
    this.#offsets = grown(this.#offsets)
    this.#lengths = grown(this.#lengths)
    this.#counts = grown(this.#counts)
    this.#lastRows = grown(this.#lastRows)
  }
}
