/** The part of an undici 8 dispatcher that requests are sent with: an `Agent`, a `Pool`, a `MockAgent`. */
export interface DispatcherLike {
  // Declared as a method, so that undici's own, narrower types fit.
  dispatch(options: DispatchOptions, handler: DispatchHandler): boolean
}

/** One request as undici takes it. */
export interface DispatchOptions {
  /** Scheme, host and port. */
  readonly origin: string
  /** Path and query. */
  readonly path: string
  /** `GET`, `POST`, … */
  readonly method: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Sent as it is. */
  readonly body: never
}

/** The hold on a request that has been sent. */
export interface DispatchController {
  abort(reason: Error): void
  pause(): void
  resume(): void
}

/** Names in lower case; a field that came more than once is a list. */
export type RawHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/** What undici tells about a request. */
export interface DispatchHandler {
  onRequestStart(controller: DispatchController, context: unknown): void
  onBodySent(): void
  onRequestSent(): void
  onResponseStart(controller: DispatchController, status: number, headers: RawHeaders): void
  onResponseData(controller: DispatchController, chunk: Uint8Array): void
  onResponseEnd(): void
  onResponseError(controller: DispatchController | undefined, error: Error): void
}
