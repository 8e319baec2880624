import { createIdGenerator, sleep } from '@exprsn/core'
import { applyLoop, saveCursor, type RunState } from './apply-loop.ts'
import { CursorLedger } from './cursor-ledger.ts'
import { Lanes } from './lanes.ts'
import { RepoListing } from './repo-listing.ts'
import { resyncRepo } from './resync-repo.ts'
import type { SyncSettings } from './settings.ts'
import type { SourceItem, SourceMessage } from './sync-source.ts'
import type { SyncTally } from './sync-tally.ts'
import { Wakeup } from './wakeup.ts'

/** Longest time between two looks for repositories that are due, which another process may have left. */
const pollInterval = 15_000

/** A stream that breaks at once is asked again after a while only. */
const steadyAfter = 5_000

/** One run of a sync: reads, applies, fetches, until its signal ends it. */
export class SyncRun {
  readonly #state: RunState
  readonly #listing: RepoListing
  readonly #fetching = new Set<Promise<void>>()
  readonly #changed = new Wakeup()
  readonly #nextClaim: () => string
  #received: number | undefined
  #claiming = false
  #open = false
  #ended = false
  #renewal = new AbortController()
  #lastItem: number
  #failures = 0

  constructor(settings: SyncSettings, tally: SyncTally) {
    this.#lastItem = settings.clock.monotonic()
    this.#nextClaim = createIdGenerator({ clock: settings.clock, random: settings.random })
    this.#state = {
      settings,
      tally,
      lanes: new Lanes(),
      ledger: new CursorLedger(),
      work: new Wakeup(),
      room: new Wakeup(),
      due: new Wakeup(),
      epoch: 0,
      renewStream: () => this.#renewal.abort(),
      listSoon: () => this.#listing.beginWhenDue(),
      saved: undefined,
      appliedTime: undefined,
    }
    this.#listing = new RepoListing(this.#state, {
      received: () => this.#received,
      onEnd: () => this.#changed.wake(),
    })
  }

  /** Messages that were received and not applied. */
  get pending(): number {
    return this.#state.lanes.pending
  }

  get cursor(): number | undefined {
    return this.#state.saved
  }

  get connected(): boolean {
    return this.#open
  }

  get appliedTime(): number | undefined {
    return this.#state.appliedTime
  }

  /** Runs until the signal is aborted; ends in order then. */
  async run(signal: AbortSignal): Promise<void> {
    this.#listing.start(signal)
    const { concurrency } = this.#state.settings
    const appliers = Array.from({ length: concurrency }, () => applyLoop(this.#state, signal))
    await Promise.all([this.#readLoop(signal), this.#fetchLoop(signal), ...appliers])
    // What is owed is on record: the next run begins with it.
    this.#listing.stop()
    await Promise.all([this.#listing.running, ...this.#fetching])
    await saveCursor(this.#state)
  }

  /** Resolves when nothing is left to do and the stream has been quiet for a while. */
  async untilIdle(quiet: number, signal: AbortSignal): Promise<void> {
    const { settings, lanes } = this.#state
    const { clock, database, store } = settings
    while (!signal.aborted) {
      const next = await store.nextDue(database)
      const silence = clock.monotonic() - this.#lastItem
      const isQuiet = this.#ended || (this.#open && silence >= quiet)
      const isBusy =
        lanes.pending > 0 || this.#fetching.size > 0 || this.#claiming || this.#listing.running !== undefined
      // What waits for a later attempt is not waited for.
      const isDone = next === undefined || next > clock.now() + Math.max(quiet, 2_000)
      if (isQuiet && !isBusy && isDone) return
      await this.#changed.wait(clock, signal, Math.min(Math.max(quiet / 4, 5), 100))
    }
  }

  /** Looks at every repository of the host. */
  async reconcile(signal: AbortSignal): Promise<void> {
    await this.#settingsStore.setListing(this.#state.settings.database, true)
    this.#listing.begin(signal)
    await this.#listing.running
  }

  /** Looks for repositories that are due. */
  wakeFetches(): void {
    this.#state.due.wake()
  }

  get #settingsStore(): SyncSettings['store'] {
    return this.#state.settings.store
  }

  async #readLoop(signal: AbortSignal): Promise<void> {
    const { settings } = this.#state
    const { clock, logger, source, backoff } = settings
    while (!signal.aborted) {
      const startedAt = clock.monotonic()
      try {
        await this.#readStream(signal)
        if (source.finite === true) {
          this.#ended = true
          return
        }
      } catch (error) {
        if (signal.aborted) return
        logger.warn({ error, source: source.name }, 'the stream ended')
      } finally {
        this.#open = false
      }
      this.#failures = clock.monotonic() - startedAt > steadyAfter ? 0 : this.#failures + 1
      const wait = Math.min(backoff.maximum, backoff.initial * backoff.factor ** Math.min(this.#failures, 30))
      await sleep(wait, { clock, signal }).catch(() => undefined)
    }
  }

  async #readStream(signal: AbortSignal): Promise<void> {
    const { settings } = this.#state
    const { database, store, source } = settings
    const stored = await store.openSource(database)
    if (stored.epoch !== this.#state.epoch) {
      this.#state.epoch = stored.epoch
      this.#forgetCount()
    }
    const cursor = this.#received ?? stored.seq
    this.#state.saved ??= stored.seq
    // Without a cursor nobody knows what has happened since.
    const needsList = stored.listing || (cursor === undefined && settings.backfill)
    if (needsList && !stored.listing) await store.setListing(database, true)
    this.#renewal = new AbortController()
    for await (const item of source.open({ cursor, signal: AbortSignal.any([signal, this.#renewal.signal]) })) {
      this.#lastItem = settings.clock.monotonic()
      // Only now: what changes while the list is read comes through the stream.
      if (item.kind === 'open' && needsList) this.#listing.begin(signal)
      await this.#take(item, signal)
    }
  }

  async #take(item: SourceItem, signal: AbortSignal): Promise<void> {
    const { settings, tally } = this.#state
    switch (item.kind) {
      case 'open':
        this.#open = true
        tally.connections++
        return
      case 'message':
        await this.#enter(item.message, item.size, signal)
        return
      case 'damaged':
        tally.damaged++
        settings.logger.warn({ error: item.error }, 'a message is damaged')
        await settings.store.setListing(settings.database, true)
        this.#listing.beginWhenDue()
        return
      case 'outdated':
        await settings.store.setListing(settings.database, true)
        this.#listing.begin(signal)
        return
      case 'reset':
        await this.#reset(signal)
    }
  }

  async #enter(message: SourceMessage, size: number, signal: AbortSignal): Promise<void> {
    const { settings, lanes, ledger, work, room } = this.#state
    this.#received = Math.max(this.#received ?? message.seq, message.seq)
    const entry = ledger.enter(message.seq)
    if (!settings.accepts(message.did)) {
      ledger.settle([entry])
      settings.source.acknowledge?.(message.seq)
      return
    }
    if (message.kind === 'identity') settings.keys.forget(message.did)
    const lane = lanes.add({ message, entry, size, epoch: this.#state.epoch })
    if (lane.items.length > settings.maxPendingPerRepo) this.#overflow(lane.did)
    work.wake()
    while (!signal.aborted && (lanes.pending >= settings.maxPending || lanes.bytes >= settings.maxPendingBytes))
      await room.wait(settings.clock, signal)
  }

  /** What is fetched or tried again does not keep more than its share: its messages are noted and dropped. */
  #overflow(did: string): void {
    this.#state.lanes.release(did)
    this.#state.lanes.hurry(did, this.#state.settings.attempts)
  }

  /** The host counts anew: what was received is applied first, under the old count. */
  async #reset(signal: AbortSignal): Promise<void> {
    const { settings, lanes, room, epoch } = this.#state
    while (lanes.pending > 0 && !signal.aborted) await room.wait(settings.clock, signal, 1_000)
    await settings.store.newEpoch(settings.database, epoch)
    this.#forgetCount()
  }

  #forgetCount(): void {
    this.#state.ledger.clear()
    this.#received = undefined
    this.#state.saved = undefined
  }

  async #fetchLoop(signal: AbortSignal): Promise<void> {
    const { settings, due } = this.#state
    const { source, database, store, clock, logger, fetches } = settings
    if (source.fetchRepo === undefined) return
    while (!signal.aborted) {
      let wait = pollInterval
      try {
        const now = clock.now()
        const room = fetches - this.#fetching.size
        const dids = room > 0 ? await store.dueRepos(database, now, room) : []
        this.#claiming = dids.length > 0
        for (const did of dids) await this.#startFetch(did, signal)
        this.#claiming = false
        if (dids.length > 0 && this.#fetching.size < fetches) continue
        const next = room > 0 ? await store.nextDue(database) : undefined
        if (next !== undefined) wait = Math.min(wait, Math.max(next - clock.now(), 10))
      } catch (error) {
        this.#claiming = false
        if (!signal.aborted) logger.warn({ error }, 'the repositories that are due could not be read')
        wait = 1_000
      }
      await due.wait(clock, signal, wait)
    }
  }

  async #startFetch(did: string, signal: AbortSignal): Promise<void> {
    const { settings, lanes, tally, epoch, work, due } = this.#state
    const { database, store, clock, fetchLease } = settings
    const claim = this.#nextClaim()
    const now = clock.now()
    const row = await store.claimRepo(database, did, claim, now + fetchLease, now)
    if (row === undefined) return
    lanes.hold(did)
    const renewal = new AbortController()
    void this.#renew(did, claim, renewal.signal)
    const fetching = resyncRepo(settings, { row, claim, epoch }, tally, signal)
      .catch((error: unknown) => settings.logger.warn({ did, error }, 'a repository could not be brought up to date'))
      .finally(() => {
        renewal.abort()
        this.#fetching.delete(fetching)
        lanes.release(did)
        work.wake()
        due.wake()
        this.#changed.wake()
      })
    this.#fetching.add(fetching)
  }

  /** Keeps other processes away for as long as this one is at it. */
  async #renew(did: string, claim: string, signal: AbortSignal): Promise<void> {
    const { database, store, clock, fetchLease, logger } = this.#state.settings
    while (!signal.aborted) {
      await sleep(fetchLease / 3, { clock, signal, background: true }).catch(() => undefined)
      if (signal.aborted) return
      await store
        .renewClaim(database, did, claim, clock.now() + fetchLease)
        .catch((error: unknown) => logger.warn({ did, error }, 'a claim could not be renewed'))
    }
  }
}
