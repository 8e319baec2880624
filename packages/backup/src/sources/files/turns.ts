import { nextTurn } from '@exprsn/core'

/** Entries that are looked at in one go: half a millisecond. More are not quicker, and let the opening of the repository wait. */
const entriesPerTurn = 100
/** At first fewer: opening the repository takes a number of short calls before its key is derived beside the walk. */
const entriesPerFirstTurn = 10
const firstEntries = 500

/** When a walk lets others have their turn: the key's derivation, packs on their way, the host's requests. */
export class Turns {
  #looked = 0
  #ends = entriesPerFirstTurn

  /** Counts an entry that is to be looked at now; undefined, or a promise to wait for before it is. */
  begin(): Promise<void> | undefined {
    if (this.#looked < this.#ends) {
      this.#looked++
      return undefined
    }
    this.#ends += this.#looked < firstEntries ? entriesPerFirstTurn : entriesPerTurn
    return nextTurn()
  }
}
