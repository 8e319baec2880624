/** How an object stands to a zone. */
export const membership = {
  /** Seen inside, but not often enough yet. */
  entering: 0,
  inside: 1,
} as const

/**
 * Which object is in which zone, in typed arrays: some 30 bytes each. The memberships of an object are a chain, so there can
 * be any number of them.
 */
export class Memberships {
  zone = new Int32Array(64)
  /** The next one of the same object; -1 at the end. */
  next = new Int32Array(64)
  state = new Uint8Array(64)
  /** Fixes inside while entering, fixes outside while inside. */
  count = new Uint8Array(64)
  dwelled = new Uint8Array(64)
  /** When the first fix inside was, milliseconds since 1970. */
  since = new Float64Array(64)
  /** When the first fix outside was. */
  outsideSince = new Float64Array(64)
  #free = -1
  #used = 0

  add(zone: number, since: number, next: number): number {
    const slot = this.#take()
    this.zone[slot] = zone
    this.next[slot] = next
    this.state[slot] = membership.entering
    this.count[slot] = 0
    this.dwelled[slot] = 0
    this.since[slot] = since
    this.outsideSince[slot] = 0
    return slot
  }

  release(slot: number): void {
    this.next[slot] = this.#free
    this.#free = slot
  }

  #take(): number {
    if (this.#free >= 0) {
      const slot = this.#free
      this.#free = this.next[slot]!
      return slot
    }
    if (this.#used === this.zone.length) this.#grow()
    return this.#used++
  }

  #grow(): void {
    const size = this.zone.length * 2
    this.zone = grown(this.zone, new Int32Array(size))
    this.next = grown(this.next, new Int32Array(size))
    this.state = grown(this.state, new Uint8Array(size))
    this.count = grown(this.count, new Uint8Array(size))
    this.dwelled = grown(this.dwelled, new Uint8Array(size))
    this.since = grown(this.since, new Float64Array(size))
    this.outsideSince = grown(this.outsideSince, new Float64Array(size))
  }
}

/** A larger array with the same beginning. */
export function grown<Values extends Int32Array | Float64Array | Uint8Array>(from: Values, into: Values): Values {
  into.set(from)
  return into
}
