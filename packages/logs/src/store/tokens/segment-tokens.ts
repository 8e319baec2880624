import { giveBack } from '../give-back.ts'
import { grown } from '../grown.ts'
import type { BlockTokens } from './block-tokens.ts'
import { enlargedSlots, firstSlot } from './token-slots.ts'

const newline = 0x0a

/**
 * The tokens of all blocks of a segment, each with its places in the order of blocks; a token is a number here. Compared byte by
 * byte in a table over typed arrays, as in `TokenTable`: there are hundreds of thousands of places.
 */
export class SegmentTokens {
  #slots = new Int32Array(1 << 14)
  #count = 0
  #hashes = new Int32Array(0)
  /** Where each name ends; behind it the next begins. */
  #ends = new Uint32Array(0)
  #names = new Uint8Array(0)
  #firstPlaces = new Int32Array(0)
  #lastPlaces = new Int32Array(0)
  #placeCount = 0
  /** Of each place: block, index of the token there, and the next place of the token or −1. */
  readonly #places: Int32Array

  /** @param places of all tokens in all blocks */
  constructor(places: number) {
    this.#places = new Int32Array(3 * places)
  }

  /** How many there are. */
  get count(): number {
    return this.#count
  }

  /** The names, one behind the other: see {@link startOf}. */
  get names(): Uint8Array {
    return this.#names
  }

  startOf(token: number): number {
    return token === 0 ? 0 : this.#ends[token - 1]!
  }

  endOf(token: number): number {
    return this.#ends[token]!
  }

  /** Adds those of the next block. */
  add(block: number, { names }: BlockTokens): void {
    let from = 0
    for (let index = 0; from < names.length; index++) {
      let hash = 0x811c_9dc5
      let to = from
      for (let byte = names[to]!; byte !== newline; byte = names[++to]!) hash = Math.imul(hash ^ byte, 0x0100_0193)
      this.#addPlace(this.#find(names, from, to, hash), block, index)
      from = to + 1
    }
  }

  /** Calls with the places of a token. */
  forEachPlace(token: number, onPlace: (block: number, index: number) => void): void {
    const places = this.#places
    for (let place = this.#firstPlaces[token]!; place >= 0; place = places[place + 2]!)
      onPlace(places[place]!, places[place + 1]!)
  }

  /** Gives the memory back; there is nothing afterwards. */
  giveBack(): void {
    const texts = [this.#slots, this.#hashes, this.#ends, this.#names]
    for (const each of [...texts, this.#firstPlaces, this.#lastPlaces, this.#places]) giveBack(each)
  }

  #addPlace(token: number, block: number, index: number): void {
    const place = 3 * this.#placeCount++
    this.#places[place] = block
    this.#places[place + 1] = index
    this.#places[place + 2] = -1
    const last = this.#lastPlaces[token]!
    if (last < 0) this.#firstPlaces[token] = place
    else this.#places[last + 2] = place
    this.#lastPlaces[token] = place
  }

  /** The token of these bytes, which is a new one where it was not known. */
  #find(bytes: Uint8Array, from: number, to: number, hash: number): number {
    const slots = this.#slots
    const mask = slots.length - 1
    let slot = firstSlot(hash, slots.length)
    for (let token = slots[slot]! - 1; token >= 0; token = slots[slot]! - 1) {
      if (this.#hashes[token] === hash && this.#isSame(token, bytes, from, to)) return token
      slot = (slot + 1) & mask
    }
    const token = this.#count++
    slots[slot] = token + 1
    if (token === this.#ends.length) this.#grow()
    const start = this.startOf(token)
    const end = start + to - from
    if (end > this.#names.length) this.#names = grown(this.#names, start, end)
    for (let offset = 0; offset < to - from; offset++) this.#names[start + offset] = bytes[from + offset]!
    this.#ends[token] = end
    this.#hashes[token] = hash
    this.#lastPlaces[token] = -1
    if (this.#count * 2 > slots.length) this.#slots = enlargedSlots(this.#slots, this.#hashes, this.#count)
    return token
  }

  #isSame(token: number, bytes: Uint8Array, from: number, to: number): boolean {
    const start = this.startOf(token)
    if (this.#ends[token]! - start !== to - from) return false
    for (let offset = 0; offset < to - from; offset++)
      if (this.#names[start + offset] !== bytes[from + offset]) return false
    return true
  }

  #grow(): void {
    this.#ends = grown(this.#ends)
    this.#hashes = grown(this.#hashes)
    this.#firstPlaces = grown(this.#firstPlaces)
    this.#lastPlaces = grown(this.#lastPlaces)
  }
}
