import type { Clock } from '@exprsn/core'
import type { Queryable } from '@exprsn/core/database'
import type { PublishStatements } from './statements.ts'

/** A window in which a host counts points, or requests. */
export interface BudgetWindow {
  /** Points in all. */
  readonly limit: number
  readonly seconds: number
  /** Points that only deletions may use: a host that has refused a write would refuse them, too. */
  readonly reserve: number
}

/** The windows of the official hosts. */
export const officialBudget: readonly BudgetWindow[] = [
  { limit: 5_000, seconds: 3_600, reserve: 100 },
  { limit: 35_000, seconds: 86_400, reserve: 500 },
]

/** What a write costs: https://docs.bsky.app/docs/advanced-guides/rate-limits; a put is an update, whether it creates or not. */
export const writePoints = { create: 3, put: 2, delete: 1 } as const

/** Counts what an account has used of its host's limits, in the database, so that all processes count together. */
export class WriteBudget {
  readonly #did: string
  readonly #windows: readonly BudgetWindow[]
  readonly #statements: PublishStatements
  readonly #clock: Clock

  constructor(did: string, windows: readonly BudgetWindow[], statements: PublishStatements, clock: Clock) {
    this.#did = did
    this.#windows = windows
    this.#statements = statements
    this.#clock = clock
  }

  /** Takes points, or says until when there are none. What is refused is not counted. */
  async take(
    tx: Queryable,
    action: keyof typeof writePoints,
    count = 1,
  ): Promise<{ readonly waitUntil: number | undefined }> {
    const points = writePoints[action] * count
    const rows = []
    let waitUntil: number | undefined
    for (const window of this.#windows) {
      const row = await this.#read(tx, window)
      const limit = action === 'delete' ? window.limit : window.limit - window.reserve
      if (row.used + points > limit) waitUntil = Math.max(waitUntil ?? 0, row.resetAt)
      rows.push({ window, ...row })
    }
    if (waitUntil !== undefined) return { waitUntil }
    for (const { window, used, resetAt } of rows)
      await tx.query(this.#statements.saveBudget, [this.#did, nameOf(window), used + points, resetAt])
    return { waitUntil: undefined }
  }

  /** Takes over what the host says. It shows one window, that with the least left; of the others nothing is known. */
  async correct(tx: Queryable, headers: Headers): Promise<void> {
    const policy = headers.get('ratelimit-policy')
    const remaining = Number(headers.get('ratelimit-remaining') ?? NaN)
    const reset = Number(headers.get('ratelimit-reset') ?? NaN)
    const window = this.#windows.find(({ limit, seconds }) => policy === `${limit};w=${seconds}`)
    if (window === undefined || !(remaining >= 0) || !(reset > 0)) return
    const { used, resetAt } = await this.#read(tx, window)
    const told = window.limit - remaining
    // Answers overtake one another: within a window only more is news.
    if (told <= used && Math.abs(reset * 1000 - resetAt) < 2_000) return
    await tx.query(this.#statements.saveBudget, [this.#did, nameOf(window), Math.max(told, 0), reset * 1000])
  }

  async #read(tx: Queryable, window: BudgetWindow): Promise<{ readonly used: number; readonly resetAt: number }> {
    const { rows } = await tx.query<{ used: number; reset_at: number }>(this.#statements.lockBudget, [
      this.#did,
      nameOf(window),
    ])
    const { used, reset_at: resetAt } = rows[0]!
    const now = this.#clock.now()
    return resetAt <= now ? { used: 0, resetAt: now + window.seconds * 1000 } : { used, resetAt }
  }
}

function nameOf({ limit, seconds }: BudgetWindow): string {
  return `${limit};w=${seconds}`
}
