/** Counts since the sync was made. */
export interface SyncTally {
  /** Messages that were applied, or had nothing to apply. */
  messages: number
  created: number
  updated: number
  deleted: number
  /** Records that were kept from the handler. */
  refused: number
  /** Messages that had been applied before. */
  stale: number
  /** Times that a repository had to be fetched because of a gap or an invalid message. */
  desynced: number
  /** Repositories that were fetched and compared. */
  fetched: number
  /** Attempts of the handler that failed. */
  failures: number
  /** Connections made to the source. */
  connections: number
  /** Messages of which nobody can tell whose they were: not readable, or with a commit of another account than they name. */
  damaged: number
}

/** All zero. */
export function newTally(): SyncTally {
  return {
    messages: 0,
    created: 0,
    updated: 0,
    deleted: 0,
    refused: 0,
    stale: 0,
    desynced: 0,
    fetched: 0,
    failures: 0,
    connections: 0,
    damaged: 0,
  }
}

/** Adds counts once what they count is committed. */
export function addTally(tally: Partial<SyncTally>, counted: Partial<SyncTally>): void {
  for (const [name, value] of Object.entries(counted) as [keyof SyncTally, number][])
    tally[name] = (tally[name] ?? 0) + value
}
