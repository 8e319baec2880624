/** What one process found out about a circuit by itself. */
export interface CircuitVote {
  /** The breaker's name: processes that use one name watch one dependency. */
  readonly circuit: string
  /** The process, or rather the breaker in it. */
  readonly instance: string
  /** Whether the dependency fails for it. */
  readonly open: boolean
  /** Milliseconds that the vote counts, unless it is renewed. */
  readonly ttl: number
}

/** The votes that count now, the caller's own included. */
export interface CircuitTally {
  /** Instances that voted. */
  readonly live: number
  /** Those of them that voted open. */
  readonly open: number
}

/** Where processes tell each other what they found out: in memory (for tests), in a database, in Redis. */
export interface CircuitStore {
  /** Casts or renews a vote and counts all that have not run out. */
  vote(vote: CircuitVote, options?: { readonly signal?: AbortSignal | undefined }): Promise<CircuitTally>
  /** Takes a vote back, as a process does that stops. */
  withdraw(circuit: string, instance: string): Promise<void>
}
