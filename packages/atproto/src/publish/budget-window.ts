import { latestArrival } from './latest-arrival.ts'

/** A window in which a host counts points, or logins. */
export interface BudgetWindow {
  /** Points in all. */
  readonly limit: number
  readonly seconds: number
  /**
   * Points that only deletions may use: a host that has refused a write would refuse them, too. Of logins, those that are left
   * to others.
   */
  readonly reserve: number
}

/** The windows of the official hosts. */
export const officialBudget: readonly BudgetWindow[] = [
  { limit: 5_000, seconds: 3_600, reserve: 100 },
  { limit: 35_000, seconds: 86_400, reserve: 500 },
]

/** A window as hosts name it in their headers. */
export function windowName({ limit, seconds }: BudgetWindow): string {
  return `${limit};w=${seconds}`
}

/** What the host has counted in a window for certain, and when that is over at the latest. */
export interface Counted {
  readonly used: number
  readonly resetAt: number
}

/** Resets are whole seconds, rounded down by some hosts and up by others. */
const second = 1_000
/** Resets of one window, told twice, are no further apart. */
const sameWindow = 2_000

/**
 * Since when points that were reserved, and of which nothing is known, may be counted in the window of now. That of the host
 * begins with a write, not at our bidding: what was sent in the window before may arrive in it.
 */
export function pointsSince(seconds: number, resetAt: number, now: number): number {
  const earliestBegin = resetAt > now ? resetAt - seconds * 1000 : Math.max(resetAt, now - seconds * 1000)
  return earliestBegin - latestArrival
}

/**
 * What is counted after an answer. The host shows one window, that with the least left; in the others the points of the write
 * are counted by us, in windows that are over no sooner than the host's.
 */
export function countedAnswer(
  window: BudgetWindow,
  { used, resetAt }: Counted,
  { points, headers, now }: { readonly points: number; readonly headers: Headers; readonly now: number },
): Counted {
  const own = resetAt > now ? { used: used + points, resetAt } : { used: points, resetAt: now + window.seconds * 1000 }
  const told = toldBy(headers, window)
  // The answer of a window that is over says nothing of the one of now.
  if (told === undefined || told.resetAt <= now) return own
  // Windows do not overlap: none of what was counted is in one that ends later.
  if (resetAt <= now || told.resetAt > resetAt + sameWindow) return told
  // Answers overtake one another: within a window only more is news.
  if (told.resetAt >= resetAt - sameWindow)
    return { used: Math.max(used, told.used), resetAt: Math.max(resetAt, told.resetAt) }
  return { used: Math.max(own.used, told.used), resetAt: told.resetAt }
}

function toldBy(headers: Headers, window: BudgetWindow): Counted | undefined {
  const remaining = Number(headers.get('ratelimit-remaining') ?? NaN)
  const reset = Number(headers.get('ratelimit-reset') ?? NaN)
  if (headers.get('ratelimit-policy') !== windowName(window) || !(remaining >= 0) || !(reset > 0)) return undefined
  return { used: Math.max(window.limit - remaining, 0), resetAt: reset * 1000 + second }
}
