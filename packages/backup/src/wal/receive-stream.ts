import type { Clock } from '@exprsn/core'
import type { Disk } from '@exprsn/core/disk'
import { startReplicationCommand } from '../replication/commands.ts'
import type { CopyBoth, ReplicationConnection, ResultSet } from '../replication/connection.ts'
import { postgresErrors } from '../replication/errors.ts'
import { parseLsn, type Lsn } from '../replication/lsn.ts'
import { decodeWalMessage, encodeStandbyStatus } from '../replication/messages.ts'
import { toPostgresTime } from '../replication/postgres-time.ts'
import type { ReceivePlan } from './receive-plan.ts'
import { createSegmentWriter } from './segment-writer.ts'

/** Options of {@link receiveStream}. */
export interface ReceiveStreamOptions {
  readonly connection: ReplicationConnection
  readonly plan: ReceivePlan
  readonly slot: string
  readonly folder: string
  readonly disk: Disk
  readonly clock: Clock
  /** Milliseconds between status updates. */
  readonly statusInterval: number
  /** Milliseconds of silence after which the connection counts as lost. */
  readonly serverTimeout: number
  readonly onStreaming: () => void
  readonly onReceived: (received: Lsn) => void
  readonly onDurable: (durable: Lsn) => void
  /** Ends the stream in good order: what has arrived is made durable and acknowledged first. */
  readonly stop: AbortSignal
}

/** The server has ended this timeline and goes on with another one. */
export interface NextTimeline {
  readonly timeline: number
  /** Where the old one ended. */
  readonly from: Lsn
}

/** Milliseconds that the server gets to answer when the stream is ended. */
const farewell = 5_000

/**
 * Receives one timeline until it ends or `stop` is aborted (then the result is undefined). The server is told what is
 * durable after each sync and on every tick, and never about more than that.
 */
export async function receiveStream(options: ReceiveStreamOptions): Promise<NextTimeline | undefined> {
  const { connection, plan, slot, clock, stop, onReceived } = options
  let copy: CopyBoth | undefined
  let heard = clock.monotonic()
  let waits = 0
  const fail = (error: unknown): void => connection.destroy(error)

  const writer = createSegmentWriter({
    ...plan,
    folder: options.folder,
    disk: options.disk,
    onDurable(durable) {
      options.onDurable(durable)
      sendStatus()
    },
    onFailure: fail,
  })
  const sendStatus = (replyNow = false): void =>
    copy?.send(
      encodeStandbyStatus({
        written: writer.position(),
        flushed: writer.durable(),
        time: toPostgresTime(clock.now()),
        replyNow,
      }),
    )
  const watch = ticking(clock, options.statusInterval, () => {
    // While our disk is behind, nothing is read: that is no silence.
    if (waits > 0) heard = clock.monotonic()
    const silence = clock.monotonic() - heard
    if (silence > options.serverTimeout) return fail(nothingHeard(connection.server, silence))
    // Servers without wal_sender_timeout send nothing on their own.
    sendStatus(silence > options.serverTimeout / 2)
  })

  try {
    copy = await connection.copyBoth(startReplicationCommand(slot, plan.start, plan.timeline), {
      onData(chunk) {
        heard = clock.monotonic()
        const message = decodeWalMessage(chunk)
        if (message.kind === 'keepalive') return message.replyNow ? sendStatus() : undefined
        const wait = writer.write(message.start, message.bytes)
        onReceived(writer.position())
        if (wait === undefined) return undefined
        waits++
        return wait.finally(() => waits--)
      },
    })
    options.onStreaming()
    const stopping = endOnStop(copy)
    const sets = await copy.finished
    await writer.flush()
    await stopping
    return stop.aborted ? undefined : nextTimeline(sets, connection.server)
  } finally {
    watch.cancel()
    await writer.close()
  }

  async function endOnStop(stream: CopyBoth): Promise<void> {
    await Promise.race([aborted(stop), stream.finished.catch(() => {})])
    if (!stop.aborted) return
    const limit = clock.setTimer(() => fail(nothingHeard(connection.server, farewell)), farewell, { background: true })
    try {
      await writer.flush()
      sendStatus()
      stream.end()
      await stream.finished
    } catch {
      // Whatever happened is thrown where the stream is awaited.
    } finally {
      limit.cancel()
    }
  }
}

/** At the end of a timeline the server names the next one. */
function nextTimeline(sets: readonly ResultSet[], server: string): NextTimeline {
  const set = sets.find(({ columns }) => columns[0] === 'next_tli')
  const [timeline, from] = set?.rows[0] ?? []
  if (timeline == null || from == null)
    throw postgresErrors.BACKUP_POSTGRES_CONNECTION_LOST({ server, reason: 'the server ended the stream' })
  return { timeline: Number(timeline), from: parseLsn(from) }
}

function nothingHeard(server: string, silence: number) {
  const reason = `nothing was heard for ${Math.round(silence / 1_000)} s`
  return postgresErrors.BACKUP_POSTGRES_CONNECTION_LOST({ server, reason })
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

/** Calls back again and again, never keeping the process alive by itself. */
function ticking(clock: Clock, interval: number, tick: () => void): { cancel(): void } {
  let timer = clock.setTimer(run, interval, { background: true })
  function run(): void {
    timer = clock.setTimer(run, interval, { background: true })
    tick()
  }
  return { cancel: () => timer.cancel() }
}
