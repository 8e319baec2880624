import type { Clock } from '../clock/clock.ts'
import type { Duration } from '../duration/duration.ts'
import type { Logger } from '../logger/logger.ts'
import type { Random } from '../random/random.ts'
import type { Policy } from '../resilience/policy.ts'
import type { RetryOptions } from '../resilience/retry.ts'
import type { Resolve } from './guard/guarded-lookup.ts'
import type { AllowOptions } from './guard/target-guard.ts'
import type { RequestBody } from './request/request-body.ts'
import type { HeaderInput } from './request/request-headers.ts'
import type { Query } from './request/request-url.ts'
import type { DispatcherLike } from './transport/dispatcher.ts'
import type { OriginBudgetOptions } from './transport/origin-budgets.ts'

/** Limits of single phases, for each attempt. */
export interface ClientTimeouts {
  /** For the name, the connection and TLS together. @default '10s' */
  readonly connect?: Duration | undefined
  /** From the last byte of the request to the header of the response. @default '30s' */
  readonly headers?: Duration | undefined
  /** Without a byte of the body, while somebody waits for it. @default '30s' */
  readonly idle?: Duration | undefined
}

/** What a client sets for all requests and a request may set for itself. */
export interface SharedRequestOptions {
  /** Time for everything together: attempts, waits between them, the body. @default '60s' */
  readonly timeout?: Duration | undefined
  /** The most bytes of a body that are read, counted after unpacking. @default 10 MiB */
  readonly maxResponseBytes?: number | undefined
  /** Redirects that are followed; with 0 they are the response. @default 5 */
  readonly maxRedirects?: number | undefined
  /** Statuses other than 2xx throw `CORE_CLIENT_STATUS`. (304 does not if the request was conditional.) @default true */
  readonly throwOnStatus?: boolean | undefined
  /**
   * Replaces the client's retries. The breaker and bulkhead of each origin stay; what may not be repeated is not, whatever
   * the policy says.
   * @default up to 3 attempts of what may be repeated, within a budget for each origin
   */
  readonly policy?: Policy | undefined
}

/** Options of {@link createClient}. */
export interface ClientOptions extends SharedRequestOptions {
  /**
   * What paths are relative to: `https://api.example.com/v2`. Secret headers of the client go only to its origin.
   * @default none: every URL is absolute
   */
  readonly baseUrl?: string | URL | undefined
  /** Sent with every request. @default {} */
  readonly headers?: HeaderInput | undefined
  /** Where requests may go. @default public addresses alone */
  readonly allow?: AllowOptions | undefined
  /** Limits of single phases. @default 10 s to connect, 30 s for headers and between parts of a body */
  readonly timeouts?: ClientTimeouts | undefined
  /** Retries of the default policy; false for none. @default {} */
  readonly retry?: Omit<RetryOptions, 'budget' | 'clock' | 'random'> | false | undefined
  /** What each origin gets for itself. @default 100 at once, 10,000 waiting, a circuit breaker */
  readonly perOrigin?: OriginBudgetOptions | undefined
  /** The most bytes of a response's header. @default 16 KiB */
  readonly maxHeaderBytes?: number | undefined
  /** Options of `tls.connect`: `ca`, `cert`, `key`, … @default {} */
  readonly tls?: Readonly<Record<string, unknown>> | undefined
  /** Gives the addresses of a name. @default the operating system's resolver */
  readonly resolve?: Resolve | undefined
  /**
   * The host's own undici dispatcher, which the client never closes. The client then checks URLs alone; make the dispatcher
   * with `guardedConnector`, so that addresses are checked as well.
   * @default an agent of the client's own
   */
  readonly dispatcher?: DispatcherLike | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** @default systemRandom */
  readonly random?: Random | undefined
  /** @default silentLogger */
  readonly logger?: Logger | undefined
}

/** Options of one request. */
export interface RequestOptions extends SharedRequestOptions {
  /** @default 'GET', or 'POST' with a body */
  readonly method?: string | undefined
  /** Added to those of the client; `undefined` takes one of them back. @default {} */
  readonly headers?: HeaderInput | undefined
  /** Added to the URL's own. @default {} */
  readonly query?: Query | undefined
  /** Sent as it is. @default none */
  readonly body?: RequestBody | undefined
  /** Sent as JSON. @default none */
  readonly json?: unknown
  /** Sent as `Idempotency-Key`; allows any method to be repeated. @default none */
  readonly idempotencyKey?: string | undefined
  /** Gives the request up; a connection that it has for itself is closed. */
  readonly signal?: AbortSignal | undefined
}
