import { milliseconds, type Clock, type Duration, type Logger, type Timer } from '@exprsn/core'
import type { Disk } from '@exprsn/core/disk'
import { dropSlotCommand } from '../replication/commands.ts'
import type { PostgresConnector } from '../replication/connection.ts'
import { asFailure } from '../wal/as-failure.ts'
import { createWalReceiver, type WalPosition, type WalReceiver } from '../wal/wal-receiver.ts'
import type { Archiver } from './archive/archiver.ts'

/** Options of {@link createReceiving}. */
export interface ReceivingOptions {
  readonly connector: PostgresConnector
  readonly slot: string
  readonly spool: string
  readonly archiver: Archiver
  /** How long WAL that fills no segment may wait before it is stored. */
  readonly archiveEvery: Duration
  readonly disk: Disk
  readonly clock: Clock
  readonly logger: Logger
}

/** Receives WAL into the spool and has it archived, for as long as somebody needs it. */
export interface Receiving {
  /**
   * Begins, if it has not; rejects when the first connection fails. One that is between two tries is waited for a while: whether the
   * server still has what comes next shows when it is connected. Every use ends with one `release`.
   */
  use(): Promise<WalReceiver>
  /** The last one to release stops it; then what has come is archived, and on request the slot is removed. */
  release(options?: { readonly dropSlot?: boolean | undefined }): Promise<void>
  /** As `use`, and tries again until `release` when it fails. */
  keep(): void
  position(): WalPosition | undefined
  /** Why the first connection of a kept receiver fails. */
  failure(): Error | undefined
}

const retryAfter = 10_000
/** A receiver tries again after 10 s at the latest. */
const patience = 15_000

/** Nothing happens before the first call. */
export function createReceiving(options: ReceivingOptions): Receiving {
  const { connector, slot, spool, archiver, disk, clock, logger } = options
  const interval = milliseconds(options.archiveEvery)
  let receiver: WalReceiver | undefined
  let users = 0
  let timer: Timer | undefined
  let retry: Timer | undefined
  let failure: Error | undefined
  let segmentAt: bigint | undefined
  let passing = false
  /** Those who wait for a change of the receiver's state. */
  const watchers = new Set<() => void>()

  /** One pass at a time; what comes meanwhile is seen by the next. */
  const pass = (partial: boolean): void => {
    if (passing && !partial) return
    passing = true
    archiver
      .archive({ partial })
      .catch((error: unknown) => logger.error({ error, slot }, 'WAL could not be archived'))
      .finally(() => (passing = false))
  }
  const tick = (): void => {
    timer = clock.setTimer(tick, interval, { background: true })
    pass(true)
  }
  const onProgress = ({ durable }: WalPosition): void => {
    // 16 MiB are the usual size of a segment; with other sizes a pass finds nothing to do, or several.
    const segment = durable >> 24n
    if (segmentAt !== undefined && segment !== segmentAt) pass(false)
    segmentAt = segment
  }
  const onState = (): void => {
    for (const look of watchers) look()
  }
  const isRunning = (): boolean => {
    const state = receiver?.position().state
    return state !== undefined && state !== 'failed' && state !== 'stopped'
  }
  const running = async (): Promise<WalReceiver> => {
    if (receiver === undefined || !isRunning()) {
      receiver = createWalReceiver({ connector, slot, into: spool, disk, clock, logger, onProgress, onState })
      timer?.cancel()
      timer = clock.setTimer(tick, interval, { background: true })
    }
    await receiver.start()
    failure = undefined
    return receiver
  }
  const connected = (started: WalReceiver): Promise<WalReceiver> =>
    new Promise((resolve, reject) => {
      const end = (): void => {
        limit.cancel()
        watchers.delete(look)
        const { state, error } = started.position()
        if (state === 'failed') reject(error)
        else resolve(started)
      }
      const look = (): void => {
        if (!['connecting', 'waiting'].includes(started.position().state)) end()
      }
      const limit = clock.setTimer(end, patience)
      watchers.add(look)
      look()
    })
  const keepTrying = (): void => {
    running().then(
      () => (retry = clock.setTimer(keepTrying, retryAfter, { background: true })),
      (error: unknown) => {
        if (users === 0) return
        failure = asFailure(error)
        logger.error({ error, slot }, 'WAL is not received')
        retry = clock.setTimer(keepTrying, retryAfter, { background: true })
      },
    )
  }

  return {
    async use() {
      users++
      try {
        return await connected(await running())
      } catch (error) {
        users--
        throw error
      }
    },
    async release({ dropSlot = false } = {}) {
      users--
      if (users > 0) return
      timer?.cancel()
      retry?.cancel()
      await receiver?.stop()
      const reached = receiver?.position()
      receiver = undefined
      await archiver.exclusively(async (unchanged) => unchanged)
      // What a base backup has waited for it had archived, too: mostly that was all.
      const { archived, timeline } = archiver.status()
      const isArchived = timeline > 0 && timeline === reached?.timeline && archived >= reached.durable
      if (!isArchived) await archiver.archive({ partial: true })
      if (dropSlot) await removeSlot(connector, slot)
    },
    keep() {
      users++
      keepTrying()
    },
    position: () => receiver?.position(),
    failure: () => receiver?.position().error ?? failure,
  }
}

async function removeSlot(connector: PostgresConnector, slot: string): Promise<void> {
  const connection = await connector.replication()
  try {
    await connection.query(dropSlotCommand(slot))
  } finally {
    await connection.close()
  }
}
