import { createIdGenerator, type Clock, type Random } from '@exprsn/core'
import type { Queryable } from '@exprsn/core/database'
import { countedAnswer, pointsSince, windowName, type BudgetWindow, type Counted } from './budget-window.ts'
import { latestArrival } from './latest-arrival.ts'
import type { XrpcAnswer } from './publish-account.ts'
import type { PublishStatements } from './statements.ts'

/**
 * What a write costs: https://docs.bsky.app/docs/advanced-guides/rate-limits; a put is an update, whether it creates or not.
 * Logins and requests are counted apart, in windows of their own.
 */
export const writePoints = { create: 3, put: 2, delete: 1, login: 1, request: 1 } as const

/** Points of a write that is about to be sent, or was sent and has not been answered. */
export interface ReservedPoints {
  readonly id: string
  readonly at: number
  readonly points: number
}

/**
 * Counts what an owner, an account, its logins or an address, has used of a host's limits, in the database, so that all processes count
 * together. Points are reserved before a write is sent. Its answer turns them into counted ones, in the window that the host
 * names; what is never answered stays reserved until it is in no window any more, whether the host has counted it or not.
 */
export class WriteBudget {
  readonly #owner: string
  readonly #windows: readonly BudgetWindow[]
  readonly #statements: PublishStatements
  readonly #clock: Clock
  readonly #createId: () => string

  constructor(
    owner: string,
    windows: readonly BudgetWindow[],
    statements: PublishStatements,
    { clock, random }: { readonly clock: Clock; readonly random: Random },
  ) {
    this.#owner = owner
    this.#windows = windows
    this.#statements = statements
    this.#clock = clock
    this.#createId = createIdGenerator({ clock, random })
  }

  /** Reserves points, or says until when there are none. What is refused is not counted. */
  async take(
    tx: Queryable,
    action: keyof typeof writePoints,
    count = 1,
  ): Promise<{ readonly reserved: ReservedPoints } | { readonly waitUntil: number }> {
    const points = writePoints[action] * count
    const now = Math.floor(this.#clock.now())
    let waitUntil: number | undefined
    for (const window of this.#windows) {
      const { used, resetAt } = await this.#lock(tx, window)
      const { reserved, first } = await this.#reserved(tx, pointsSince(window.seconds, resetAt, now))
      const limit = action === 'delete' ? window.limit : window.limit - window.reserve
      if ((resetAt > now ? used : 0) + reserved + points <= limit) continue
      const until = resetAt > now ? resetAt : (first ?? now) + window.seconds * 1000 + latestArrival
      waitUntil = Math.max(waitUntil ?? 0, until)
    }
    if (waitUntil !== undefined) return { waitUntil }
    const reserved = { id: this.#createId(), at: now, points }
    if (this.#windows.length > 0)
      await tx.query(this.#statements.reservePoints, [this.#owner, reserved.at, reserved.id, points])
    return { reserved }
  }

  /**
   * Notes what the host has counted, as its answer says. An answer of 5xx that names no limits may be that of a proxy, and
   * proves nothing.
   */
  async settle(
    tx: Queryable,
    reserved: ReservedPoints,
    { status, headers }: Pick<XrpcAnswer, 'status' | 'headers'>,
  ): Promise<void> {
    if (status >= 500 && headers.get('ratelimit-policy') === null) return
    const now = Math.floor(this.#clock.now())
    for (const window of this.#windows) {
      const known = await this.#lock(tx, window)
      const { used, resetAt } = countedAnswer(window, known, { points: reserved.points, headers, now })
      await tx.query(this.#statements.saveBudget, [this.#owner, windowName(window), used, resetAt])
    }
    await this.giveBack(tx, reserved)
  }

  /** Forgets points of a write that was never sent, and those that are in no window any more. */
  async giveBack(tx: Queryable, { at, id }: ReservedPoints): Promise<void> {
    if (this.#windows.length === 0) return
    const longest = Math.max(...this.#windows.map(({ seconds }) => seconds * 1000))
    await tx.query(this.#statements.forgetPoints, [
      this.#owner,
      at,
      id,
      Math.floor(this.#clock.now()) - longest - latestArrival,
    ])
  }

  async #lock(tx: Queryable, window: BudgetWindow): Promise<Counted> {
    const { rows } = await tx.query<{ used: number; reset_at: number }>(this.#statements.lockBudget, [
      this.#owner,
      windowName(window),
    ])
    return { used: Number(rows[0]!.used), resetAt: Number(rows[0]!.reset_at) }
  }

  async #reserved(tx: Queryable, since: number): Promise<{ readonly reserved: number; readonly first?: number }> {
    const { rows } = await tx.query<{ points: number; first: number | null }>(this.#statements.sumReserved, [
      this.#owner,
      since,
    ])
    const { points, first } = rows[0]!
    return first === null ? { reserved: 0 } : { reserved: Number(points), first: Number(first) }
  }
}
