import type { Clock, Timer } from '../../clock/clock.ts'

/** How a lease is held. */
export interface LeaseHoldOptions {
  readonly clock: Clock
  /** Milliseconds. */
  readonly lease: number
  /** Prolongs the lease in the database up to an instant; false when it is another's. */
  readonly renew: (until: number) => Promise<boolean>
  /** Called once, when the lease is lost. */
  readonly onLost: () => void
  readonly onFault: (error: unknown) => void
}

/**
 * How much of a lease passes without a renewal until its holder takes it as lost. The rest is for clocks that differ: the
 * others count the lease by their own.
 */
const heldPart = 3 / 4

/**
 * Keeps a lease alive from the moment it was claimed. It counts as lost when the database says so, and also when no
 * renewal has succeeded for three quarters of the lease on the monotonic clock: a process that stood still must find out by
 * itself, without asking.
 */
export class LeaseHold {
  readonly #options: LeaseHoldOptions
  #renewedAt: number
  #isRenewing = false
  #isOver = false
  #timer: Timer | undefined

  /** @param claimedAt On the monotonic clock, before the claim was sent. */
  constructor(options: LeaseHoldOptions, claimedAt: number) {
    this.#options = options
    this.#renewedAt = claimedAt
    this.#schedule()
  }

  /** Whether no other replica can have taken the lease over yet. */
  get isHeld(): boolean {
    return !this.#isOver && this.#options.clock.monotonic() - this.#renewedAt < this.#options.lease * heldPart
  }

  /** Stops renewing. */
  stop(): void {
    this.#isOver = true
    this.#timer?.cancel()
  }

  /** Wakes for the next renewal, or for the moment of the loss where that comes first. */
  #schedule(): void {
    const { clock, lease } = this.#options
    const held = this.#renewedAt + lease * heldPart - clock.monotonic()
    const delay = Math.max(0, Math.min(lease / 4, held))
    this.#timer = clock.setTimer(() => this.#beat(), delay, { background: true })
  }

  #beat(): void {
    if (!this.isHeld) return this.#lose()
    this.#schedule()
    if (!this.#isRenewing) void this.#renew()
  }

  async #renew(): Promise<void> {
    const { clock, lease, renew, onFault } = this.#options
    const began = clock.monotonic()
    this.#isRenewing = true
    try {
      if (await renew(clock.now() + lease)) this.#renewedAt = began
      else this.#lose()
    } catch (error) {
      onFault(error)
    } finally {
      this.#isRenewing = false
    }
  }

  #lose(): void {
    if (this.#isOver) return
    this.stop()
    this.#options.onLost()
  }
}
