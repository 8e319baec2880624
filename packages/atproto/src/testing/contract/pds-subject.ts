/** A server under contract. */
export interface PdsSubject {
  /** Base URL. */
  readonly url: string
  /** Base URL of its directory. */
  readonly plcUrl: string
  /** Whether it limits rates, and says so. */
  readonly rateLimits: boolean
}
