/** The pages of dictionaries that were asked last, of all segments of a store together, as far as they fit. */
export class PageCache {
  readonly #mostBytes: number
  /** The one that was asked longest ago first. */
  readonly #pages = new Map<object, Uint8Array>()
  #bytes = 0

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes
  }

  /** Bytes of the pages that are kept. */
  get bytes(): number {
    return this.#bytes
  }

  /** A page by what its segment says of it. */
  get(layout: object): Uint8Array | undefined {
    const page = this.#pages.get(layout)
    if (page === undefined) return undefined
    this.#pages.delete(layout)
    this.#pages.set(layout, page)
    return page
  }

  /** Keeps a page, and lets go of others where there is no room for it. */
  add(layout: object, page: Uint8Array): void {
    this.remove(layout)
    this.#pages.set(layout, page)
    this.#bytes += page.length
    for (const oldest of this.#pages.keys()) {
      if (this.#bytes <= this.#mostBytes) break
      this.remove(oldest)
    }
  }

  /** Lets go of a page, if it is there. */
  remove(layout: object): void {
    this.#bytes -= this.#pages.get(layout)?.length ?? 0
    this.#pages.delete(layout)
  }
}
