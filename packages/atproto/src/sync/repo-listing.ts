import { sleep, type Timer } from '@exprsn/core'
import type { RunState } from './apply-loop.ts'
import type { RepoRow } from './repo-row.ts'
import { SeenDids } from './seen-dids.ts'

/** Repositories of the database that are looked at at once. */
const lostPage = 500

/** The list of repositories is asked for after damaged messages, at most this often. */
const listingInterval = 60_000

/** Reads the host's list of repositories, and notes those that differ from what is known here: they are fetched then. */
export class RepoListing {
  readonly #state: RunState
  readonly #received: () => number | undefined
  readonly #onEnd: () => void
  #running: Promise<void> | undefined
  #again = false
  /** The list is to be read when enough time has passed since the last one. */
  #later: Timer | undefined
  #begunAt = Number.NEGATIVE_INFINITY
  #signal: AbortSignal | undefined

  constructor(
    state: RunState,
    options: {
      /** The last message of the stream. */
      readonly received: () => number | undefined
      /** Told when the list was read. */
      readonly onEnd: () => void
    },
  ) {
    this.#state = state
    this.#received = options.received
    this.#onEnd = options.onEnd
  }

  /** While it is being read. */
  get running(): Promise<void> | undefined {
    return this.#running
  }

  /** From now on it may be read whenever it is due. */
  start(signal: AbortSignal): void {
    this.#signal = signal
  }

  /** Reads it no more when it is due later. */
  stop(): void {
    this.#later?.cancel()
  }

  /** Now, or when the last list was long enough ago: a stream may go on for weeks without another reason. */
  beginWhenDue(): void {
    const { clock } = this.#state.settings
    const signal = this.#signal
    if (signal === undefined || signal.aborted || this.#later !== undefined) return
    const wait = this.#begunAt + listingInterval - clock.monotonic()
    if (wait <= 0) this.begin(signal)
    else this.#later = clock.setTimer(() => this.begin(signal), wait, { background: true })
  }

  /** Reads it now, or again when it is being read. */
  begin(signal: AbortSignal): void {
    const { source } = this.#state.settings
    this.#later?.cancel()
    this.#later = undefined
    if (source.listRepos === undefined || signal.aborted) return
    // What it has passed may have changed since.
    this.#again = this.#running !== undefined
    if (this.#again) return
    this.#begunAt = this.#state.settings.clock.monotonic()
    this.#running = this.#listRepos(signal).finally(() => {
      this.#running = undefined
      this.#onEnd()
    })
  }

  /** Repeated until the list was read to its end. */
  async #listRepos(signal: AbortSignal): Promise<void> {
    const { settings } = this.#state
    const { source, database, store, clock, logger, backoff } = settings
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        const seen = source.listsAll === true ? new SeenDids(settings.random) : undefined
        const received = this.#received() ?? -1
        for await (const repo of source.listRepos!({ signal })) {
          seen?.add(repo.did)
          if (settings.accepts(repo.did)) await this.#compare(repo.did, repo.rev, repo.active)
        }
        if (!this.#again && seen !== undefined) await this.#lookForLost(seen, received, signal)
        if (!this.#isOwed()) {
          await store.setListing(database, false)
          if (!this.#isOwed()) return
          // Asked for while that was being noted.
          await store.setListing(database, true)
        }
        if (!this.#again) return
        this.#again = false
      } catch (error) {
        if (signal.aborted) return
        logger.warn({ error, source: source.name }, 'the list of repositories could not be read')
        const wait = Math.min(backoff.maximum, backoff.initial * backoff.factor ** Math.min(failures, 30))
        await sleep(wait, { clock, signal }).catch(() => undefined)
      }
    }
  }

  /** Whether something happened since this list was begun that it may not show. */
  #isOwed(): boolean {
    return this.#again || this.#later !== undefined
  }

  /**
   * A repository that the list does not name may be gone, and its deletion missed. It is fetched: the host says what became of
   * it, and nothing is deleted because of a list. Of what the stream told since the list was begun the stream knows more.
   */
  async #lookForLost(seen: SeenDids, received: number, signal: AbortSignal): Promise<void> {
    const { settings, epoch, due } = this.#state
    const { database, store, clock, accepts } = settings
    for (let after = '', isMore = true; isMore && !signal.aborted;) {
      const rows = await store.settledRepos(database, after, lostPage)
      for (const { did } of rows) {
        if (seen.has(did) || !accepts(did)) continue
        await database.transaction(async (tx) => {
          const current = await store.lockRepo(tx, did, epoch)
          if (!isSettled(current) || (current.epoch === epoch && current.seq > received)) return
          await store.saveRepo(tx, {
            ...current,
            state: 'desynced',
            attempts: 0,
            retryAt: clock.now(),
            claim: undefined,
          })
        })
        due.wake()
      }
      after = rows.at(-1)?.did ?? after
      isMore = rows.length === lostPage
    }
  }

  async #compare(did: string, rev: string, active: boolean): Promise<void> {
    const { settings, epoch, due } = this.#state
    const { database, store, clock, backfill } = settings
    const known = await store.readRepo(database, did)
    if (known === undefined ? !backfill : isCurrent(known, rev, active)) return
    await database.transaction(async (tx) => {
      const row = await store.lockRepo(tx, did, epoch)
      if (isCurrent(row, rev, active)) return
      const isNewer = row.rev === undefined || rev > row.rev
      const wantedRev = isNewer && active ? rev : row.wantedRev
      await store.saveRepo(tx, {
        ...row,
        state: 'desynced',
        wantedRev,
        attempts: 0,
        retryAt: clock.now(),
        claim: undefined,
      })
    })
    due.wake()
  }
}

/** In step, or left alone because its host said that it does not serve it now; not when it said that it does not have it. */
function isSettled({ state, account = 'active', claim, error }: RepoRow): boolean {
  const isAway = account !== 'active' && claim === undefined && error?.includes('RepoNotFound') !== true
  return state === 'synced' || (state === 'desynced' && isAway)
}

/** Whether the list says nothing new of a repository. */
function isCurrent(
  row: { readonly state: string; readonly rev: string | undefined; readonly account: string | undefined },
  rev: string,
  active: boolean,
): boolean {
  const isAway = row.account !== undefined && row.account !== 'active'
  if (!active) return isAway
  // What is to be fetched anyway is looked at then; one that has come back need not wait for its turn.
  return !isAway && (row.state === 'desynced' || (row.state === 'synced' && row.rev === rev))
}
