import type { Clock, Timer } from '../../clock/clock.ts'
import type { Subscription } from '../../database/database-notifications.ts'
import type { Logger } from '../../logger/logger.ts'

/** The members of a `pg` client that listening needs. */
export interface PgListenClient {
  query(config: { text: string }): Promise<unknown>
  on(event: 'notification', listener: (message: { readonly channel: string }) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'end', listener: () => void): unknown
  end(): Promise<void>
}

/** What {@link keepListening} needs; times in milliseconds. */
export interface ListenerOptions {
  /** Gives a client that is connected. */
  readonly connect: () => Promise<PgListenClient>
  readonly channel: string
  readonly onNotify: () => void
  readonly wait: { readonly initial: number; readonly maximum: number }
  readonly clock: Clock
  readonly logger: Logger
}

/** Holds one connection that listens, and makes another whenever it is lost. */
export function keepListening({ connect, channel, onNotify, wait, clock, logger }: ListenerOptions): Subscription {
  let closed = false
  let pause = wait.initial
  let client: PgListenClient | undefined
  let timer: Timer | undefined
  let connecting: Promise<void> = Promise.resolve()

  function later(error: unknown): void {
    if (closed) return
    logger.warn({ err: error, channel, wait: pause }, 'the connection for notifications is lost')
    timer?.cancel()
    timer = clock.setTimer(() => void (connecting = open()), pause, { background: true })
    pause = Math.min(wait.maximum, pause * 2)
  }

  /** Never rejects. */
  async function open(): Promise<void> {
    let own: PgListenClient | undefined
    let lost = false
    const onLost = (error: unknown): void => {
      if (lost) return
      lost = true
      if (client === own) client = undefined
      own?.end().catch(() => {})
      later(error)
    }
    try {
      own = await connect()
      own.on('error', onLost)
      own.on('end', () => onLost(undefined))
      own.on('notification', (message) => {
        if (!closed && message.channel === channel) onNotify()
      })
      await own.query({ text: `listen "${channel.replaceAll('"', '""')}"` })
    } catch (error) {
      onLost(error)
      return
    }
    if (lost) return
    if (closed) {
      await own.end().catch(() => {})
      return
    }
    client = own
    pause = wait.initial
    // What rang while nobody listened is not told again.
    onNotify()
  }

  connecting = open()
  return {
    async close() {
      closed = true
      timer?.cancel()
      await connecting
      await client?.end().catch(() => {})
    },
  }
}
