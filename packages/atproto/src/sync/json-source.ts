import type { Clock, Duration } from '@exprsn/core'
import type { AllowOptions, Resolve } from '@exprsn/core/client'

/** Options of sources that speak JSON over a WebSocket. */
export interface JsonSourceOptions {
  /** Base URL of the service. */
  readonly service: string
  /** Under which the cursor is kept. @default the host of `service` */
  readonly name?: string | undefined
  /** Where connections may go. @default public addresses alone */
  readonly allow?: AllowOptions | undefined
  /** Gives the addresses of a name. @default the operating system's resolver */
  readonly resolve?: Resolve | undefined
  /** A stream counts as lost after this time without a message. @default '5m' */
  readonly idleTimeout?: Duration | undefined
  /** Bytes of messages that wait in memory before the service has to wait. @default 8 MiB */
  readonly highWaterMark?: number | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/** The address of a service's stream. */
export function streamAddress(service: string, path: string): URL {
  const url = new URL(path, service)
  url.protocol = url.protocol === 'http:' ? 'ws:' : 'wss:'
  return url
}
