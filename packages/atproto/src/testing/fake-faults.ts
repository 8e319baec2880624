/** A fault that a {@link FakePds} has been told to have. */
export interface FakeFault {
  /** Such as `com.atproto.repo.putRecord`. */
  readonly method: string
  /**
   * `error`: answers with `status`; `drop`: breaks the connection and does nothing; `lost-response`: does what was asked, and
   * then breaks the connection; `corrupt`: changes one byte of the answer; `delay`: waits `milliseconds`.
   */
  readonly kind: 'error' | 'drop' | 'lost-response' | 'corrupt' | 'delay'
  /** @default 500 */
  readonly status?: number | undefined
  /** @default 100 */
  readonly milliseconds?: number | undefined
  /** How many calls it hits. @default 1 */
  readonly times?: number | undefined
}

/** What was planned and has not happened yet. */
export class PlannedFaults {
  readonly #planned: { readonly fault: FakeFault; left: number }[] = []
  /** How often each kind took effect. */
  readonly hits: Record<string, number> = {}

  /** Adds a fault behind those of the same method. */
  plan(fault: FakeFault): void {
    this.#planned.push({ fault, left: fault.times ?? 1 })
  }

  /** The fault that hits this call, if any. */
  take(method: string): FakeFault | undefined {
    const next = this.#planned.find((planned) => planned.fault.method === method && planned.left > 0)
    if (next === undefined) return undefined
    next.left--
    this.hits[next.fault.kind] = (this.hits[next.fault.kind] ?? 0) + 1
    return next.fault
  }
}
