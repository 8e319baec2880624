import type { Clock } from '@exprsn/core'

/** Gives the key of an account's repository as a did:key: from its identity document. */
export type ResolveSigningKey = (
  did: string,
  options: {
    /** Asks the directory again instead of a cache. */
    readonly refresh: boolean
    readonly signal: AbortSignal
  },
) => Promise<string>

/** Most keys that are remembered. */
const mostKeys = 100_000

/** A bad signature makes us ask the directory again, at most this often for each account. */
const refreshEvery = 60_000

/** The keys of accounts. Concurrent questions for the same one are asked once. */
export class KeyCache {
  readonly #resolve: ResolveSigningKey
  readonly #clock: Clock
  readonly #keys = new Map<string, Promise<string>>()
  readonly #refreshed = new Map<string, number>()
  readonly #stale = new Map<string, true>()

  constructor(resolve: ResolveSigningKey, clock: Clock) {
    this.#resolve = resolve
    this.#clock = clock
  }

  /** The key as it was known last. */
  get(did: string, signal: AbortSignal): Promise<string> {
    return this.#keys.get(did) ?? this.#ask(did, false, signal)
  }

  /** The key as the directory has it now; undefined when it was asked a moment ago. */
  async refresh(did: string, signal: AbortSignal): Promise<string | undefined> {
    const now = this.#clock.monotonic()
    const last = this.#refreshed.get(did)
    if (last !== undefined && now - last < refreshEvery) return undefined
    remember(this.#refreshed, did, now)
    return this.#ask(did, true, signal)
  }

  /** The account may have a new key: asks again on its next use. */
  forget(did: string): void {
    this.#keys.delete(did)
    this.#refreshed.delete(did)
    // A cache behind the port may be as old as ours was.
    remember(this.#stale, did, true)
  }

  #ask(did: string, refresh: boolean, signal: AbortSignal): Promise<string> {
    const asked = this.#resolve(did, { refresh: refresh || this.#stale.delete(did), signal })
    remember(this.#keys, did, asked)
    asked.catch(() => {
      if (this.#keys.get(did) === asked) this.#keys.delete(did)
    })
    return asked
  }
}

/** The oldest goes when there are too many. */
function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key)
  map.set(key, value)
  if (map.size > mostKeys) map.delete(map.keys().next().value!)
}
