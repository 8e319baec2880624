import type { Duplex } from 'node:stream'
import {
  ExprsnError,
  milliseconds,
  silentLogger,
  systemClock,
  type Clock,
  type Duration,
  type Logger,
} from '@exprsn/core'
import type { ServedRepos } from '../federation/index.ts'
import { encodeErrorFrame } from '../repo/index.ts'
import {
  acceptWebSocket,
  refuseUpgrade,
  type ServerSocket,
  type UpgradeRequest,
} from './web-socket/accept-web-socket.ts'

const path = '/xrpc/com.atproto.sync.subscribeRepos'

/** A consumer says nothing but signs of life. */
const maxMessageBytes = 1024

/** Time for a connection to take its last frame. */
const grace = 5_000

const closing = { goingAway: 1001, policy: 1008, internal: 1011 } as const

/** Options of {@link createRepoStream}. */
export interface RepoStreamOptions {
  /** Whose events are streamed. */
  readonly repos: Pick<ServedRepos, 'events'>
  /** Connections at once; one more is answered with 503. @default 100 */
  readonly maxConnections?: number | undefined
  /** Connections of one address at once; one more is answered with 429. @default 10 */
  readonly maxConnectionsPerAddress?: number | undefined
  /** The address of who asks, where proxies stand in front. @default the address of the socket */
  readonly addressOf?: ((request: UpgradeRequest) => string) | undefined
  /** Bytes that wait for one consumer before it has to take some. @default 1 MiB */
  readonly maxBufferedBytes?: number | undefined
  /** A consumer that takes nothing for so long is cut off with `ConsumerTooSlow`. @default '30s' */
  readonly stallTimeout?: Duration | undefined
  /** Consumers are asked for a sign of life this often, and cut off when two in a row stay out. @default '30s' */
  readonly pingInterval?: Duration | undefined
  /** Told about what goes wrong on our side. @default silentLogger */
  readonly logger?: Logger | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/** The event stream of served repositories. Made by {@link createRepoStream}. */
export interface RepoStream extends AsyncDisposable {
  /** Consumers that are connected. */
  readonly connections: number
  /**
   * Takes an upgrade request of a `node:http` server.
   *
   * @returns false when it is for another path: then nothing was done with it
   */
  upgrade(request: UpgradeRequest, socket: Duplex, head?: Uint8Array): boolean
  /** Ends all connections, and takes no more. */
  close(): Promise<void>
}

/**
 * Serves `com.atproto.sync.subscribeRepos` over WebSockets: relays and others follow the repositories of this host. Memory is
 * bounded for each consumer, since what it has not taken stays in the database; one that does not keep up is cut off.
 *
 * @example
 * ```ts no-run
 * import { createServer } from 'node:http'
 * import type { ServedRepos } from '@exprsn/atproto/federation'
 * import { createRepoHandler, createRepoStream } from '@exprsn/atproto/http'
 * import { toNodeHandler } from '@exprsn/core/http'
 *
 * declare const repos: ServedRepos
 * const stream = createRepoStream({ repos })
 * const server = createServer(toNodeHandler(createRepoHandler({ repos })))
 * server.on('upgrade', (request, socket, head) => {
 *   if (!stream.upgrade(request, socket, head)) socket.destroy()
 * })
 * server.listen(3000)
 * ```
 */
export function createRepoStream(options: RepoStreamOptions): RepoStream {
  const { repos, maxConnections = 100, maxConnectionsPerAddress = 10, maxBufferedBytes = 1024 * 1024 } = options
  const { logger = silentLogger, clock = systemClock, addressOf } = options
  const stallTimeout = milliseconds(options.stallTimeout ?? '30s')
  const pingInterval = milliseconds(options.pingInterval ?? '30s')
  const consumers = new Map<ServerSocket, string>()
  let isClosed = false

  function upgrade(request: UpgradeRequest, socket: Duplex, head?: Uint8Array): boolean {
    const url = URL.parse(request.url ?? '', 'http://localhost')
    if (url?.pathname !== path) return false
    const address = addressOf?.(request) ?? String((socket as { readonly remoteAddress?: string }).remoteAddress)
    if (isClosed || consumers.size >= maxConnections)
      refuseUpgrade(socket, 503, 'Service Unavailable', ['Retry-After: 30'])
    else if ([...consumers.values()].filter((other) => other === address).length >= maxConnectionsPerAddress)
      refuseUpgrade(socket, 429, 'Too Many Requests', ['Retry-After: 30'])
    else {
      const consumer = acceptWebSocket(request, socket, { head, maxMessageBytes })
      if (consumer !== undefined) {
        consumers.set(consumer, address)
        void serve(consumer, url.searchParams.get('cursor'))
      }
    }
    return true
  }

  async function serve(consumer: ServerSocket, text: string | null): Promise<void> {
    const gone = new AbortController()
    void consumer.closed.then(() => gone.abort())
    const stopPinging = keepAlive(consumer)
    try {
      const cursor = text === null ? undefined : Number(text)
      if (text === '' || (cursor !== undefined && !Number.isSafeInteger(cursor)))
        refuse(consumer, 'InvalidRequest', 'The cursor is no integer.')
      else await follow(consumer, cursor === undefined ? undefined : Math.max(0, cursor), gone.signal)
    } catch (error) {
      if (!gone.signal.aborted) end(consumer, error)
    } finally {
      await consumer.closed
      stopPinging()
      consumers.delete(consumer)
    }
  }

  async function follow(consumer: ServerSocket, cursor: number | undefined, signal: AbortSignal): Promise<void> {
    for await (const frame of repos.events({ cursor, signal })) {
      consumer.send(frame)
      if (consumer.buffered > maxBufferedBytes && !(await drains(consumer)))
        return refuse(consumer, 'ConsumerTooSlow', 'The consumer takes nothing.')
    }
  }

  /** Whether a consumer has taken what waits for it within its time. */
  async function drains(consumer: ServerSocket): Promise<boolean> {
    let isLate = false
    await new Promise<void>((resolve) => {
      const timer = clock.setTimer(
        () => {
          isLate = true
          resolve()
        },
        stallTimeout,
        { background: true },
      )
      void consumer.drained().then(() => {
        timer.cancel()
        resolve()
      })
    })
    return !isLate
  }

  /** @returns what ends it */
  function keepAlive(consumer: ServerSocket): () => void {
    let unanswered = 0
    consumer.onSign = () => (unanswered = 0)
    const ask = (): void => {
      if (unanswered === 2) return consumer.destroy()
      unanswered++
      consumer.ping()
      timer = clock.setTimer(ask, pingInterval, { background: true })
    }
    let timer = clock.setTimer(ask, pingInterval, { background: true })
    return () => timer.cancel()
  }

  function end(consumer: ServerSocket, error: unknown): void {
    const code = ExprsnError.is(error) ? error.code : undefined
    if (code === 'ATPROTO_STREAM_CURSOR_FUTURE') return refuse(consumer, 'FutureCursor', 'Cursor in the future.')
    if (code === 'ATPROTO_STREAM_CONSUMER_SLOW')
      return refuse(consumer, 'ConsumerTooSlow', 'What was not taken is no longer kept.')
    logger.error({ err: error }, 'an event stream broke')
    leave(consumer, closing.internal)
  }

  function refuse(consumer: ServerSocket, error: string, message: string): void {
    consumer.send(encodeErrorFrame(error, message))
    leave(consumer, closing.policy)
  }

  /** Who does not take its last frame is not waited for. */
  function leave(consumer: ServerSocket, code: number): void {
    consumer.close(code)
    const timer = clock.setTimer(() => consumer.destroy(), grace, { background: true })
    void consumer.closed.then(() => timer.cancel())
  }

  async function close(): Promise<void> {
    isClosed = true
    for (const consumer of consumers.keys()) leave(consumer, closing.goingAway)
    await Promise.all([...consumers.keys()].map(({ closed }) => closed))
  }

  return {
    get connections() {
      return consumers.size
    },
    upgrade,
    close,
    [Symbol.asyncDispose]: close,
  }
}
