import type { Socket } from 'node:net'
import type { Clock } from '../../clock/clock.ts'
import { systemClock } from '../../clock/system-clock.ts'
import { milliseconds, type Duration } from '../../duration/duration.ts'
import { clientErrors } from '../errors.ts'
import { guardedLookup, type Resolve } from './guarded-lookup.ts'
import { targetGuard, type AllowOptions } from './target-guard.ts'

/** What undici asks a connector for. */
export interface ConnectTarget {
  readonly hostname: string
  readonly host?: string | undefined
  readonly protocol: string
  readonly port: string
  readonly servername?: string | undefined
  readonly localAddress?: string | null | undefined
  readonly httpSocket?: Socket | undefined
}

/** A connector as undici's `Agent`, `Pool` and `Client` take it in their option `connect`. */
export type Connector = (target: ConnectTarget, callback: ConnectCallback) => void

/** Told of the connected socket, or why there is none. */
export type ConnectCallback = (...result: [error: null, socket: Socket] | [error: Error, socket: null]) => void

/** The part of the undici module that is needed. */
export interface UndiciLike {
  buildConnector(options: object): (target: never, callback: never) => unknown
}

/** Options of {@link guardedConnector}. */
export interface GuardedConnectorOptions {
  /** The host's own undici: `import * as undici from 'undici'`. */
  readonly undici: UndiciLike
  /** Where connections may go. @default public addresses alone */
  readonly allow?: AllowOptions | undefined
  /** Gives the addresses of a name. @default the operating system's resolver */
  readonly resolve?: Resolve | undefined
  /** Time for name, connection and TLS together. @default '10s' */
  readonly timeout?: Duration | undefined
  /** Options of `tls.connect`: `ca`, `cert`, `key`, … @default {} */
  readonly tls?: Readonly<Record<string, unknown>> | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/** A connector, and the end of what it has begun. */
export interface GuardedConnector extends Connector {
  /** Ends the connections that are being made now. */
  abort(): void
}

/**
 * The guard against forged requests (SSRF) for an undici dispatcher of the host's own: every address that a name leads to is
 * checked in the moment of connecting, and so is the address that the socket ends up with. Behind a proxy it sees the
 * address of the proxy.
 *
 * @throws `CORE_CLIENT_OPTION_INVALID` for a network that is none.
 * @example
 * ```ts
 * import { guardedConnector } from '@exprsn/core/client'
 * import * as undici from 'undici'
 *
 * const dispatcher = new undici.Agent({ connect: guardedConnector({ undici }) })
 * const refused = await undici.request('http://127.0.0.1:8080/', { dispatcher }).catch((error) => error.code)
 * console.log(refused) // CORE_CLIENT_ADDRESS_REFUSED
 * await dispatcher.close()
 * ```
 */
export function guardedConnector(options: GuardedConnectorOptions): GuardedConnector {
  const { undici, clock = systemClock } = options
  const guard = targetGuard(options.allow)
  const limit = milliseconds(options.timeout ?? '10s')
  const lookup = guardedLookup(guard, options.resolve)
  // undici's own limit would also end at a time of its own choosing, on a clock that is not ours.
  const build = { ...options.tls, lookup, timeout: 0, allowH2: false }
  const connect = undici.buildConnector(build) as (target: ConnectTarget, callback: ConnectCallback) => Socket
  const pending = new Set<Socket>()

  const connector = (target: ConnectTarget, callback: ConnectCallback): void => {
    const port = Number(target.port) || (target.protocol === 'https:' ? 443 : 80)
    try {
      guard.checkTarget(target.hostname, port)
    } catch (error) {
      queueMicrotask(() => callback(error as Error, null))
      return
    }
    const origin = `${target.protocol}//${target.host ?? target.hostname}`
    const socket = connect(target, (error, connected) => {
      timer.cancel()
      pending.delete(socket)
      const refusal = error ?? refusalOf(connected!, target.hostname)
      if (refusal === undefined) return callback(null, connected!)
      connected?.destroy()
      callback(refusal, null)
    })
    const timer = clock.setTimer(
      () => socket.destroy(clientErrors.CORE_CLIENT_TIMEOUT({ origin, limit, phase: 'connection' })),
      limit,
      { background: true },
    )
    pending.add(socket)
  }

  /** A second line behind the lookup: whatever way the socket came about, this is where it leads. */
  const refusalOf = (socket: Socket, hostname: string): Error | undefined => {
    try {
      if (socket.remoteAddress !== undefined) guard.checkAddress(socket.remoteAddress, hostname)
      return undefined
    } catch (error) {
      return error as Error
    }
  }

  const abort = (): void => {
    for (const socket of pending) socket.destroy(clientErrors.CORE_CLIENT_CLOSED())
  }
  return Object.assign(connector, { abort })
}
