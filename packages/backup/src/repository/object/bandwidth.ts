/** How fast content may be sent to a store and fetched from it. */
export interface Bandwidth {
  /** Bytes per second that are sent, on average. @default no limit */
  readonly upload?: number | undefined
  /** Bytes per second that are fetched, on average. @default no limit */
  readonly download?: number | undefined
}
