import { join } from 'node:path'
import {
  ExprsnError,
  milliseconds,
  randomFraction,
  silentLogger,
  sleep,
  systemClock,
  systemRandom,
  type Clock,
  type Duration,
  type Logger,
  type Random,
} from '@exprsn/core'
import { isDiskError, systemDisk, writeFileAtomic, type Disk, type DiskLock } from '@exprsn/core/disk'
import { timelineHistoryCommand } from '../replication/commands.ts'
import type { PostgresConnector, ReplicationConnection } from '../replication/connection.ts'
import { formatLsn, type Lsn } from '../replication/lsn.ts'
import { parseTimelineHistory, timelineHistoryName } from '../replication/timeline.ts'
import { asFailure } from './as-failure.ts'
import { createDurableWaiters } from './durable-waiters.ts'
import { walErrors } from './errors.ts'
import { planReceive } from './receive-plan.ts'
import { receiveStream } from './receive-stream.ts'
import { segmentStart } from './segment.ts'

/** Options of {@link createWalReceiver}. */
export interface WalReceiverOptions {
  /** Where the server is: from `postgresConnector`. */
  readonly connector: PostgresConnector
  /** Name of the physical replication slot that keeps WAL on the server until it is durable here. */
  readonly slot: string
  /** The folder for segments; it belongs to one cluster and one receiver. */
  readonly into: string
  /** Makes the slot when it is missing. @default true */
  readonly createSlot?: boolean | undefined
  /** How often the server is told where we are, besides after each sync. @default '1s' */
  readonly statusInterval?: Duration | undefined
  /** Silence after which the connection counts as lost. @default '60s' */
  readonly serverTimeout?: Duration | undefined
  /** @default systemDisk */
  readonly disk?: Disk | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** Spreads reconnects. @default systemRandom */
  readonly random?: Random | undefined
  /** @default silentLogger */
  readonly logger?: Logger | undefined
  /** Told after each sync. */
  readonly onProgress?: ((position: WalPosition) => void) | undefined
  /** Told whenever the state has changed. */
  readonly onState?: ((position: WalPosition) => void) | undefined
  /** Stops the receiver. */
  readonly signal?: AbortSignal | undefined
}

/** Where a receiver stands. */
export interface WalPosition {
  /**
   * `waiting`: the connection was lost or refused and is tried again; `failed`: something needs a person, see `error`.
   */
  readonly state: 'idle' | 'connecting' | 'streaming' | 'waiting' | 'stopped' | 'failed'
  /** 0 until the first connection. */
  readonly timeline: number
  /** One past the last byte that has arrived. */
  readonly received: Lsn
  /** One past the last byte that would survive a power loss: the server has been told no more than this. */
  readonly durable: Lsn
  /** Why it waits or has failed: always there then. */
  readonly error?: Error | undefined
}

/** Options of {@link WalReceiver.waitFor}. */
export interface WaitForOptions {
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined
  /** @default no limit */
  readonly timeout?: Duration | undefined
}

/** Receives the write-ahead log of one cluster. */
export interface WalReceiver {
  /**
   * Connects, makes the slot if needed and begins; resolves when WAL is streaming. Waits for a slot that is still in
   * use; every other failure of the first connection rejects, later ones lead to a reconnect.
   */
  start(): Promise<void>
  position(): WalPosition
  /**
   * Resolves when everything before `lsn` is durable here.
   *
   * @throws `BACKUP_WAL_TIMEOUT`, `BACKUP_WAL_STOPPED`, what made the receiver fail, or the signal's reason.
   */
  waitFor(lsn: Lsn, options?: WaitForOptions): Promise<void>
  /** Makes durable what has arrived, tells the server, and closes the connection. The slot stays. */
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

const firstDelay = 250
const longestDelay = 10_000

/**
 * Receives the write-ahead log of a PostgreSQL server as it is written, through a physical replication slot, into
 * segment files of PostgreSQL's own names and form. The server is told that WAL is safe only after it is: it keeps the
 * rest. After a crash or a lost connection the receiver goes on after the last complete segment, so that nothing is
 * missed; a hole is never passed over silently.
 *
 * While a receiver is away its slot makes the server keep WAL: set `max_slot_wal_keep_size` there as a limit.
 *
 * `start` throws `BACKUP_WAL_GAP` (the server no longer has what comes next), `BACKUP_WAL_AHEAD`,
 * `BACKUP_WAL_OTHER_SYSTEM`, `BACKUP_WAL_CORRUPT`, `BACKUP_WAL_FOLDER_INVALID`, `BACKUP_WAL_IN_USE`,
 * `BACKUP_POSTGRES_*` or `CORE_DISK_*`.
 *
 * @example
 * ```ts no-run
 * import { createWalReceiver, formatLsn } from '@exprsn/backup'
 * import { postgresConnector } from '@exprsn/backup/drivers/postgres'
 *
 * const connector = postgresConnector({ host: 'db.internal', user: 'backup' })
 * await using receiver = createWalReceiver({ connector, slot: 'exprsn', into: '/var/backups/wal' })
 * await receiver.start()
 * console.log('safe up to', formatLsn(receiver.position().durable))
 * ```
 */
export function createWalReceiver(options: WalReceiverOptions): WalReceiver {
  const { connector, slot, into, createSlot = true } = options
  const { disk = systemDisk, clock = systemClock, random = systemRandom, logger = silentLogger } = options
  if (!/^[a-z0-9_]{1,63}$/.test(slot))
    throw walErrors.BACKUP_WAL_OPTION_INVALID({
      reason: `slot "${slot}" is not 1 to 63 lower-case letters, digits and underscores`,
    })
  const statusInterval = milliseconds(options.statusInterval ?? '1s')
  const serverTimeout = milliseconds(options.serverTimeout ?? '60s')

  const stopController = new AbortController()
  const stopSignal = stopController.signal
  const waiters = createDurableWaiters(clock)
  let position: WalPosition = { state: 'idle', timeline: 0, received: 0n, durable: 0n }
  let lock: DiskLock | undefined
  let started: Promise<void> | undefined
  let running: Promise<void> | undefined

  const update = (change: Partial<WalPosition>): void => {
    const before = position.state
    position = { ...position, ...change }
    if (position.state !== before) options.onState?.(position)
  }

  /** One connection's life: plan, then one stream per timeline. */
  const session = async (onStreaming: () => void): Promise<void> => {
    update({ state: 'connecting' })
    const connection = await connector.replication({ signal: stopSignal })
    try {
      let plan = await planReceive({ connection, folder: into, slot, createSlot, disk, signal: stopSignal })
      if (plan.timeline > 1) await storeHistory(connection, plan.timeline)
      for (;;) {
        const { start } = plan
        update({
          timeline: plan.timeline,
          received: later(position.received, start),
          durable: later(position.durable, start),
        })
        const next = await receiveStream({
          ...{ connection, plan, slot, folder: into, disk, clock, statusInterval, serverTimeout, stop: stopSignal },
          onStreaming() {
            update({ state: 'streaming', error: undefined })
            logger.info({ slot, from: formatLsn(start), timeline: plan.timeline }, 'receiving WAL')
            onStreaming()
          },
          onReceived: (received) => update({ received: later(position.received, received) }),
          onDurable(durable) {
            update({ durable: later(position.durable, durable) })
            waiters.reached(position.durable)
            options.onProgress?.(position)
          },
        }).catch((error: unknown) => {
          throw asGap(error, position.durable)
        })
        if (next === undefined) return
        logger.info({ slot, timeline: next.timeline, from: formatLsn(next.from) }, 'following to another timeline')
        await storeHistory(connection, next.timeline)
        plan = { ...plan, timeline: next.timeline, start: segmentStart(next.from, plan.segmentSize) }
      }
    } finally {
      await connection.close()
    }
  }

  const storeHistory = async (connection: ReplicationConnection, timeline: number): Promise<void> => {
    const [set] = await connection.query(timelineHistoryCommand(timeline))
    const content = set?.rows[0]?.[1] ?? ''
    parseTimelineHistory(content)
    const path = join(into, timelineHistoryName(timeline))
    await writeFileAtomic(disk, path, new TextEncoder().encode(content), { permissions: 0o600, random })
  }

  /** Sessions until stopped. Before anything has streamed only a slot in use is waited for. */
  const run = async (onStreaming: () => void): Promise<void> => {
    let everStreamed = false
    for (let attempt = 0; ; attempt++) {
      const before = position.durable
      let streamingSince = Infinity
      try {
        await session(() => {
          everStreamed = true
          streamingSince = clock.monotonic()
          onStreaming()
        })
        return
      } catch (error) {
        if (stopSignal.aborted) return
        if (!isWorthRetrying(error, everStreamed)) throw error
        // A server that answers and a disk that takes nothing are no progress: pauses grow until something has come of it.
        if (position.durable > before || clock.monotonic() - streamingSince > longestDelay) attempt = 0
        update({ state: 'waiting', error })
        logger.warn({ slot, code: error.code, attempt }, error.message)
        await pause(attempt)
        if (stopSignal.aborted) return
      }
    }
  }

  const pause = async (attempt: number): Promise<void> => {
    const ceiling = Math.min(longestDelay, firstDelay * 2 ** attempt)
    const delay = ceiling * (0.5 + randomFraction(random) / 2)
    await sleep(delay, { clock, signal: stopSignal }).catch(() => {})
  }

  const begin = async (): Promise<void> => {
    options.signal?.throwIfAborted()
    options.signal?.addEventListener('abort', onAbort, { once: true })
    try {
      await disk.makeFolder(into, { permissions: 0o700 })
      lock = await disk.lock(join(into, 'receiver.lock'))
      if (lock === undefined) throw walErrors.BACKUP_WAL_IN_USE({ folder: into })
      await new Promise<void>((resolve, reject) => {
        running = run(resolve)
          .then(
            () => finish('stopped', undefined),
            (error: unknown) => finish('failed', error),
          )
          .then((error) => reject(error))
      })
    } catch (error) {
      options.signal?.removeEventListener('abort', onAbort)
      if (running === undefined) await finish('failed', error)
      throw error
    }
  }

  const finish = async (state: 'stopped' | 'failed', error: unknown): Promise<unknown> => {
    options.signal?.removeEventListener('abort', onAbort)
    await lock?.release()
    lock = undefined
    update({ state, error: state === 'failed' ? asFailure(error) : undefined })
    if (state === 'failed') logger.error({ slot, error }, 'the WAL receiver has failed')
    waiters.end((wanted) => error ?? stopped(wanted))
    return error ?? stopped(position.durable)
  }

  const stopped = (wanted: Lsn) =>
    walErrors.BACKUP_WAL_STOPPED({ durable: formatLsn(position.durable), wanted: formatLsn(wanted) })
  const onAbort = (): void => void stop()

  const stop = async (): Promise<void> => {
    stopController.abort()
    await started?.catch(() => {})
    await running
    if (position.state === 'idle') await finish('stopped', undefined)
  }

  return {
    start: () => (started ??= stopSignal.aborted ? Promise.reject(stopped(0n)) : begin()),
    position: () => position,
    async waitFor(lsn, waitOptions = {}) {
      waitOptions.signal?.throwIfAborted()
      if (position.durable >= lsn) return
      if (position.state === 'stopped' || position.state === 'failed') throw position.error ?? stopped(lsn)
      await waiters.wait(lsn, waitOptions, () => position.durable)
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** A lost connection comes back, a full disk is emptied; a wrong password or a gap needs a person. */
function isWorthRetrying(error: unknown, everStreamed: boolean): error is ExprsnError {
  if (!ExprsnError.is(error)) return false
  if (error.code === 'BACKUP_POSTGRES_SLOT_ACTIVE') return true
  return everStreamed && (error.retryable || isDiskError(error))
}

/** When the server has thrown away what comes next, that is a hole in our log. */
function asGap(error: unknown, durable: Lsn): unknown {
  if (!ExprsnError.is(error) || error.code !== 'BACKUP_POSTGRES_WAL_REMOVED') return error
  return walErrors.BACKUP_WAL_GAP(
    { from: formatLsn(durable), to: 'the oldest WAL that the server still has', reason: error.message },
    { cause: error },
  )
}

function later(a: Lsn, b: Lsn): Lsn {
  return a > b ? a : b
}
