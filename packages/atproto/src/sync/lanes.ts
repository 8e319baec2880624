import type { LedgerEntry } from './cursor-ledger.ts'
import type { SourceMessage } from './sync-source.ts'

/** A message on its way. */
export interface LaneItem {
  readonly message: SourceMessage
  readonly entry: LedgerEntry
  readonly size: number
  /** The count that its number is of. */
  readonly epoch: number
}

/** The messages of one repository, which are applied in order. */
export interface Lane {
  readonly did: string
  readonly items: LaneItem[]
  /** `ready`, in the queue; `busy`, being applied; `waiting`, to be tried again later; `held`, while it is fetched. */
  state: 'idle' | 'ready' | 'busy' | 'waiting'
  held: boolean
  /** Attempts of the first message that failed. */
  failures: number
}

/** Messages by repository, with the repositories that have some in the order in which they came. */
export class Lanes {
  readonly #lanes = new Map<string, Lane>()
  readonly #ready: Lane[] = []
  /** Messages that wait or are being applied. */
  pending = 0
  /** Their bytes. */
  bytes = 0

  /** Adds a message behind those of its repository. @returns how many there are now */
  add(item: LaneItem): Lane {
    const lane = this.#laneOf(item.message.did)
    lane.items.push(item)
    this.pending++
    this.bytes += item.size
    this.#offer(lane)
    return lane
  }

  /** Takes repositories that have messages, with no more messages than asked for. */
  take(most: number): { readonly lane: Lane; readonly items: readonly LaneItem[] }[] {
    const taken: { readonly lane: Lane; readonly items: readonly LaneItem[] }[] = []
    for (let left = most; left > 0;) {
      const lane = this.#ready.shift()
      if (lane === undefined) break
      // Held since it was offered.
      if (lane.held) {
        lane.state = 'idle'
        continue
      }
      const items = lane.items.slice(0, left)
      lane.state = 'busy'
      left -= items.length
      taken.push({ lane, items })
    }
    return taken
  }

  /** Gives a repository back after some of its first messages were applied. */
  giveBack(lane: Lane, applied: number): void {
    this.drop(lane, applied)
    if (applied > 0) lane.failures = 0
    lane.state = 'idle'
    this.#offer(lane)
  }

  /** Keeps a repository back after a failure, until {@link Lanes.resume}. */
  wait(lane: Lane, applied: number): void {
    this.giveBack(lane, applied)
    if (lane.state === 'ready') this.#ready.splice(this.#ready.indexOf(lane), 1)
    lane.state = 'waiting'
  }

  /** Ends a wait. */
  resume(lane: Lane): void {
    if (lane.state !== 'waiting') return
    lane.state = 'idle'
    this.#offer(lane)
  }

  /** Lets go of the first messages of a repository that waits. */
  drop(lane: Lane, count: number): void {
    for (const { size } of lane.items.splice(0, count)) {
      this.pending--
      this.bytes -= size
    }
  }

  /** Makes the next failure of a repository its last one, and ends its wait. */
  hurry(did: string, failures: number): void {
    const lane = this.#lanes.get(did)
    if (lane?.state !== 'waiting') return
    lane.failures = failures
    this.resume(lane)
  }

  /** Keeps the messages of a repository back while it is fetched. */
  hold(did: string): void {
    this.#laneOf(did).held = true
  }

  /** Ends that. */
  release(did: string): void {
    const lane = this.#lanes.get(did)
    if (lane === undefined) return
    lane.held = false
    this.#offer(lane)
  }

  #laneOf(did: string): Lane {
    const known = this.#lanes.get(did)
    if (known !== undefined) return known
    const lane: Lane = { did, items: [], state: 'idle', held: false, failures: 0 }
    this.#lanes.set(did, lane)
    return lane
  }

  #offer(lane: Lane): void {
    if (lane.state !== 'idle' || lane.held) return
    if (lane.items.length === 0) this.#lanes.delete(lane.did)
    else {
      lane.state = 'ready'
      this.#ready.push(lane)
    }
  }
}
