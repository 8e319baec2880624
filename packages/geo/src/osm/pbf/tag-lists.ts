import type { OsmTags } from '../osm-block.ts'
import { Growing } from '../growing.ts'
import type { Fields } from './fields.ts'
import { readVarint, varintEnd } from './varints.ts'

/** The tags of a kind of items while they are read: keys and values come as lists of their own. */
export class TagLists {
  readonly #first = new Growing(new Int32Array(256))
  readonly #pairs = new Growing(new Int32Array(256))
  #keys = 0
  #values = 0

  clear(): void {
    this.#first.length = 0
    this.#pairs.length = 0
    this.#keys = 0
    this.#values = 0
  }

  addKeys(item: Fields, texts: number): void {
    this.#keys = this.#addEverySecond(item, this.#keys, texts)
  }

  addValues(item: Fields, texts: number): void {
    this.#values = this.#addEverySecond(item, this.#values, texts)
  }

  endItem(item: Fields): void {
    if (this.#keys !== this.#values) throw item.invalid('keys without values', item.from)
    this.#first.push(this.#pairs.length / 2)
    this.#pairs.length += this.#keys * 2
    this.#keys = 0
    this.#values = 0
  }

  /** Keys and values in turn, a zero after the last pair of each node; left out where no node has any. */
  addDense(
    item: Fields,
    from: number,
    end: number,
    { items, texts }: { readonly items: number; readonly texts: number },
  ): void {
    const { bytes } = item
    this.#first.reserve(items)
    if (from === end) {
      this.#first.array.fill(this.#pairs.length / 2, this.#first.length, this.#first.length + items)
      this.#first.length += items
      return
    }
    this.#pairs.reserve(end - from)
    const pairs = this.#pairs.array
    const first = this.#first.array
    let to = this.#pairs.length
    let begin = this.#first.length
    const lastItem = begin + items
    let at = from
    while (begin < lastItem) {
      first[begin++] = to / 2
      for (;;) {
        if (at >= end) throw item.invalid('the tags of nodes end early', at)
        let text = bytes[at]!
        if (text < 0x80) at++
        else {
          text = readVarint(bytes, at)
          at = varintEnd
        }
        if (text === 0 && (to & 1) === 0) break
        if (!(text < texts)) throw item.invalid(`there is no text ${text}`, at)
        pairs[to++] = text
      }
    }
    if (at !== end) throw item.invalid('more tags than nodes', at)
    this.#pairs.length = to
    this.#first.length = begin
  }

  take(): OsmTags {
    this.#first.push(this.#pairs.length / 2)
    return { first: this.#first.take(), pairs: this.#pairs.take() }
  }

  /** The keys go to the even places behind what is there, the values to the odd ones. */
  #addEverySecond(item: Fields, count: number, texts: number): number {
    item.checkVarints()
    this.#pairs.reserve((count + item.end - item.from) * 2)
    const pairs = this.#pairs.array
    const { bytes, end } = item
    const isKeys = item.field === 2
    let to = this.#pairs.length + count * 2 + (isKeys ? 0 : 1)
    let more = count
    for (let at = item.from; at < end; more++, to += 2) {
      let text = bytes[at]!
      if (text < 0x80) at++
      else {
        text = readVarint(bytes, at)
        at = varintEnd
      }
      if (!(text < texts)) throw item.invalid(`there is no text ${text}`, at)
      pairs[to] = text
    }
    return more
  }
}
