import type { CoreLabels } from './hierarchy.ts'
import type { Side } from './side.ts'
import { unreached } from './witness-search.ts'

/** Finds how far it is over the core, from what both sides of a search have reached of it. */
export class CoreCrossing {
  readonly #core: CoreLabels
  /** From the start to each place of the core, `unreached` between searches. */
  readonly #ahead: Int32Array

  constructor(core: CoreLabels) {
    this.#core = core
    this.#ahead = new Int32Array(core.places).fill(unreached)
  }

  /** The least length over a hub, or `best` where none is less. */
  length(forward: Side, backward: Side, best: number): number {
    this.#leave(forward, best)
    const length = this.#arrive(backward, best)
    this.#clear(forward)
    return length
  }

  #leave({ lengths: begun, entries, entered }: Side, best: number): void {
    const ahead = this.#ahead
    const { first, hubs, lengths } = this.#core.up
    for (let index = 0; index < entered; index++) {
      const place = entries[index]!
      const length = begun[place]!
      if (length >= best) continue
      const end = first[place + 1]!
      for (let at = first[place]!; at < end; at++) {
        const sum = length + lengths[at]!
        if (sum < ahead[hubs[at]!]!) ahead[hubs[at]!] = sum
      }
    }
  }

  #arrive({ lengths: begun, entries, entered }: Side, best: number): number {
    const ahead = this.#ahead
    const { first, hubs, lengths } = this.#core.down
    let least = best
    for (let index = 0; index < entered; index++) {
      const place = entries[index]!
      const length = begun[place]!
      if (length >= least) continue
      const end = first[place + 1]!
      for (let at = first[place]!; at < end; at++) {
        const rest = length + lengths[at]!
        // Unreached is no length to be added to.
        if (ahead[hubs[at]!]! < least - rest) least = ahead[hubs[at]!]! + rest
      }
    }
    return least
  }

  #clear({ entries, entered }: Side): void {
    const ahead = this.#ahead
    const { first, hubs } = this.#core.up
    for (let index = 0; index < entered; index++) {
      const end = first[entries[index]! + 1]!
      for (let at = first[entries[index]!]!; at < end; at++) ahead[hubs[at]!] = unreached
    }
  }
}
