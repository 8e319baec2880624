import type { Clock } from '../../clock/clock.ts'
import { guardedConnector, type UndiciLike } from '../guard/guarded-connector.ts'
import type { Resolve } from '../guard/guarded-lookup.ts'
import type { AllowOptions } from '../guard/target-guard.ts'
import { clientErrors } from '../errors.ts'
import type { DispatcherLike } from './dispatcher.ts'

/** The client's own connections. */
export interface OwnAgent {
  readonly dispatcher: DispatcherLike
  /** Closes every connection, those that are being made included. */
  destroy(): Promise<void>
}

/** Options of {@link createOwnAgent}. */
export interface OwnAgentOptions {
  readonly allow: AllowOptions | undefined
  readonly resolve: Resolve | undefined
  readonly tls: Readonly<Record<string, unknown>> | undefined
  /** Milliseconds. */
  readonly timeout: number
  readonly connections: number
  readonly maxHeaderBytes: number
  readonly clock: Clock
}

/** Loads undici and makes a guarded agent. Its own time limits are off: ours run on the clock of the client. */
export async function createOwnAgent(options: OwnAgentOptions): Promise<OwnAgent> {
  const { allow, resolve, tls, timeout, connections, maxHeaderBytes, clock } = options
  const undici = await import('undici')
  const connect = guardedConnector({ undici: undici as UndiciLike, allow, resolve, tls, timeout, clock })
  const agent = new undici.Agent({
    connect: connect as never,
    connections,
    pipelining: 1,
    allowH2: false,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: maxHeaderBytes,
  })
  return {
    dispatcher: agent as unknown as DispatcherLike,
    async destroy() {
      connect.abort()
      await agent.destroy(clientErrors.CORE_CLIENT_CLOSED())
    },
  }
}
