/**
 * What is known of a repository: `new`, nothing yet; `synced`, the host's table is as its head; `desynced`, it has to be
 * fetched as a whole; `gone`, it was deleted.
 */
export type RepoSyncState = 'new' | 'synced' | 'desynced' | 'gone'

/** A row of the table of repositories. */
export interface RepoRow {
  readonly did: string
  readonly rev: string | undefined
  /** CID of the root of its tree as text. */
  readonly data: string | undefined
  /** Number of the last message that was applied, within its epoch. */
  readonly seq: number
  readonly epoch: number
  readonly state: RepoSyncState
  /** What the handler was told last; undefined when it was told nothing. */
  readonly account: string | undefined
  /** The newest revision that was announced while it was desynced. */
  readonly wantedRev: string | undefined
  /** Fetches in a row that did not bring it up to date. */
  readonly attempts: number
  /** When to fetch it, in milliseconds since 1970. */
  readonly retryAt: number
  readonly error: string | undefined
  /** Who fetches it. */
  readonly claim: string | undefined
  /** What the handler has yet to be told of the account itself, as JSON. */
  readonly notices: string | undefined
}

/** The row as the database gives it. */
export interface RawRepoRow {
  readonly did: string
  readonly rev: string | null
  readonly data: string | null
  readonly seq: number
  readonly epoch: number
  readonly state: string
  readonly account: string | null
  readonly wanted_rev: string | null
  readonly attempts: number
  readonly retry_at: number
  readonly error: string | null
  readonly claim: string | null
  readonly notices: string | null
}

/** Names and types as the code has them. */
export function repoRow(raw: RawRepoRow): RepoRow {
  return {
    did: raw.did,
    rev: raw.rev ?? undefined,
    data: raw.data ?? undefined,
    seq: raw.seq,
    epoch: raw.epoch,
    state: raw.state as RepoSyncState,
    account: raw.account ?? undefined,
    wantedRev: raw.wanted_rev ?? undefined,
    attempts: raw.attempts,
    retryAt: raw.retry_at,
    error: raw.error ?? undefined,
    claim: raw.claim ?? undefined,
    notices: raw.notices ?? undefined,
  }
}
