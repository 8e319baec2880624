import type { Transaction } from '@exprsn/core/database'
import { applyMessage, withNotice, type ApplyContext } from './apply-message.ts'
import type { CursorLedger, LedgerEntry } from './cursor-ledger.ts'
import { errorText } from './error-text.ts'
import type { Lane, LaneItem, Lanes } from './lanes.ts'
import { prepareMessage, type PreparedMessage } from './prepare-message.ts'
import type { SyncSettings } from './settings.ts'
import { addTally, type SyncTally } from './sync-tally.ts'
import { waitAfter } from './wait-after.ts'
import type { Wakeup } from './wakeup.ts'

/** What the parts of a run share. */
export interface RunState {
  readonly settings: SyncSettings
  readonly lanes: Lanes
  readonly ledger: CursorLedger
  readonly tally: SyncTally
  /** Wakes those who apply. */
  readonly work: Wakeup
  /** Wakes the one who reads. */
  readonly room: Wakeup
  /** Wakes the one who fetches repositories. */
  readonly due: Wakeup
  epoch: number
  /** Reads the stream anew: another process has found that the host counts anew. */
  readonly renewStream: () => void
  /** Compares the list of repositories soon: a message was lost, and nobody knows whose. */
  readonly listSoon: () => void
  /** The cursor as it stands in the database. */
  saved: number | undefined
  /** Time of the last message that was applied, as its host gave it. */
  appliedTime: number | undefined
}

interface PreparedLane {
  readonly lane: Lane
  readonly items: readonly LaneItem[]
  readonly prepared: readonly PreparedMessage[]
  /** Why the rest could not be prepared. */
  readonly problem: { readonly error: unknown } | undefined
}

interface LaneOutcome {
  readonly lane: Lane
  readonly applied: readonly LaneItem[]
  readonly failure: { readonly error: unknown } | undefined
}

/** Applies what the lanes have until the signal ends it: each turn some messages of some repositories in one transaction. */
export async function applyLoop(state: RunState, signal: AbortSignal): Promise<void> {
  const { settings, lanes, work } = state
  while (!signal.aborted) {
    const taken = lanes.take(settings.batch)
    if (taken.length === 0) {
      await saveCursor(state)
      await work.wait(settings.clock, signal)
      continue
    }
    const ready: PreparedLane[] = []
    for (const { lane, items } of taken) ready.push(await prepareLane(state, lane, items, signal))
    // One order for all processes: two that lock each other's rows would wait for ever.
    ready.sort((left, right) => (left.lane.did < right.lane.did ? -1 : 1))
    await applyLanes(state, ready, signal)
  }
}

/** Notes how far everything was applied, for messages that concern nobody. */
export async function saveCursor(state: RunState): Promise<void> {
  const { settings, ledger, epoch } = state
  const position = ledger.positionWith(new Set())
  if (position === undefined || position === state.saved) return
  try {
    await settings.store.moveCursor(settings.database, position, epoch)
    state.saved = position
  } catch (error) {
    settings.logger.warn({ error }, 'the cursor could not be saved')
  }
}

async function prepareLane(
  { settings }: RunState,
  lane: Lane,
  items: readonly LaneItem[],
  signal: AbortSignal,
): Promise<PreparedLane> {
  const prepared: PreparedMessage[] = []
  for (const { message } of items) {
    try {
      prepared.push(await prepareMessage(settings, message, signal))
    } catch (error) {
      return { lane, items: items.slice(0, prepared.length), prepared, problem: { error } }
    }
  }
  return { lane, items, prepared, problem: undefined }
}

async function applyLanes(state: RunState, ready: readonly PreparedLane[], signal: AbortSignal): Promise<void> {
  const counted: Partial<SyncTally> = {}
  try {
    const { outcomes, position, epoch } = await state.settings.database.transaction(
      (tx) => applyInTransaction(state, tx, ready, counted, signal),
      { signal },
    )
    addTally(state.tally, counted)
    if (isDamaged(counted)) state.listSoon()
    if (epoch === state.epoch) state.saved = position ?? state.saved
    else if (epoch > state.epoch) state.renewStream()
    for (const outcome of outcomes) await settle(state, outcome, signal)
  } catch (error) {
    await afterLostTransaction(state, ready, error, signal)
  }
  state.room.wake()
  state.due.wake()
}

async function applyInTransaction(
  state: RunState,
  tx: Transaction,
  ready: readonly PreparedLane[],
  tally: Partial<SyncTally>,
  signal: AbortSignal,
): Promise<{
  readonly outcomes: readonly LaneOutcome[]
  readonly position: number | undefined
  readonly epoch: number
}> {
  const { settings, ledger } = state
  // Another process may have begun a new count: then its stream tells what ours would, under numbers that do not compare.
  const epoch = await settings.store.holdEpoch(tx)
  const outcomes: LaneOutcome[] = []
  for (const prepared of ready) outcomes.push(await applyLane(settings, epoch, tx, prepared, tally, signal))
  // In the same transaction: once the message counts as applied, only the list shows what it said.
  if (isDamaged(tally)) await settings.store.setListing(tx, true)
  const applied = new Set<LedgerEntry>(outcomes.flatMap((outcome) => outcome.applied.map(({ entry }) => entry)))
  const position = ledger.positionWith(applied)
  const isMoved = epoch === state.epoch && position !== undefined && position !== state.saved
  if (isMoved) await settings.store.moveCursor(tx, position, epoch)
  return { outcomes, position, epoch }
}

function isDamaged({ damaged = 0 }: Partial<SyncTally>): boolean {
  return damaged > 0
}

/** A message that fails takes back its own changes alone, and ends its repository's turn. */
async function applyLane(
  settings: SyncSettings,
  epoch: number,
  tx: Transaction,
  { lane, items, prepared, problem }: PreparedLane,
  tally: Partial<SyncTally>,
  signal: AbortSignal,
): Promise<LaneOutcome> {
  const applied: LaneItem[] = []
  for (const [index, item] of items.entries()) {
    if (item.epoch !== epoch) {
      tally.stale = (tally.stale ?? 0) + 1
      applied.push(item)
      continue
    }
    const counted: Partial<SyncTally> = {}
    try {
      await tx.transaction(async (savepoint) => {
        const context: ApplyContext = { settings, tx: savepoint, epoch, tally: counted, signal }
        await applyMessage(context, item.message, prepared[index]!)
      })
    } catch (error) {
      return { lane, applied, failure: { error } }
    }
    addTally(tally, { ...counted, messages: 1 })
    applied.push(item)
  }
  return { lane, applied, failure: problem }
}

/** After the commit. */
async function settle(state: RunState, { lane, applied, failure }: LaneOutcome, signal: AbortSignal): Promise<void> {
  const { settings, lanes, ledger } = state
  ledger.settle(applied.map(({ entry }) => entry))
  for (const { message } of applied) settings.source.acknowledge?.(message.seq)
  const last = applied.at(-1)?.message.time
  const time = last === undefined ? NaN : Date.parse(last)
  if (!Number.isNaN(time)) state.appliedTime = Math.max(state.appliedTime ?? 0, time)
  if (failure === undefined) lanes.giveBack(lane, applied.length)
  else await afterFailure(state, lane, applied.length, failure.error, signal)
}

async function afterFailure(
  state: RunState,
  lane: Lane,
  applied: number,
  error: unknown,
  signal: AbortSignal,
): Promise<void> {
  const { settings, lanes, tally, work } = state
  lanes.wait(lane, applied)
  if (signal.aborted) return lanes.resume(lane)
  lane.failures++
  tally.failures++
  settings.logger.warn({ did: lane.did, attempt: lane.failures, error }, 'a message could not be applied')
  // Without a way to fetch the repository, leaving it aside would lose what it waits with.
  if (lane.failures >= settings.attempts && settings.source.fetchRepo !== undefined) await park(state, lane, error)
  else {
    const wait = Math.min(
      settings.backoff.maximum,
      settings.backoff.initial * settings.backoff.factor ** (lane.failures - 1),
    )
    settings.clock.setTimer(
      () => {
        lanes.resume(lane)
        work.wake()
      },
      wait,
      { background: true },
    )
    return
  }
  lanes.resume(lane)
  work.wake()
}

/** Leaves a repository aside: from here on it is behind, on record, and is fetched as a whole later. */
async function park({ settings, lanes, ledger }: RunState, lane: Lane, error: unknown): Promise<void> {
  const { store, database, clock, logger } = settings
  const item = lane.items[0]!
  const { message } = item
  const isNotice = message.kind === 'account' || message.kind === 'identity'
  try {
    await database.transaction(async (tx) => {
      const epoch = await store.holdEpoch(tx)
      if (item.epoch !== epoch) return
      const row = await store.lockRepo(tx, lane.did, epoch)
      const attempts = row.attempts + 1
      const retryAt = clock.now() + waitAfter(settings, attempts)
      const parked = {
        ...row,
        state: 'desynced',
        attempts,
        retryAt,
        error: errorText(error),
        claim: undefined,
      } as const
      await store.saveRepo(tx, isNotice ? { ...withNotice(parked, message), seq: message.seq, epoch } : parked)
    })
  } catch (cause) {
    logger.warn({ did: lane.did, error: cause }, 'a repository could not be left aside')
    return
  }
  lane.failures = 0
  if (!isNotice) return
  ledger.settle([item.entry])
  lanes.drop(lane, 1)
}

/** One repository may have spoilt it for all: each is tried alone. When the database itself is away, everybody waits. */
async function afterLostTransaction(
  state: RunState,
  ready: readonly PreparedLane[],
  error: unknown,
  signal: AbortSignal,
): Promise<void> {
  const { settings, lanes } = state
  if (signal.aborted) {
    for (const { lane } of ready) lanes.giveBack(lane, 0)
    return
  }
  if (ready.length > 1) {
    for (const one of ready) await applyLanes(state, [one], signal)
    return
  }
  const { lane } = ready[0]!
  if (await answers(settings)) return afterFailure(state, lane, 0, error, signal)
  settings.logger.error({ error }, 'the database does not answer')
  await state.work.wait(settings.clock, signal, settings.backoff.initial * 10)
  lanes.giveBack(lane, 0)
}

async function answers({ database }: SyncSettings): Promise<boolean> {
  try {
    await database.query('select 1 as one')
    return true
  } catch {
    return false
  }
}
