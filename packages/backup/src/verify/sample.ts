import type { ContentId } from '../repository/index.ts'

const day = 86_400_000

/**
 * The packs whose turn it is: every pack belongs to one of `days` groups by its id, and each day has a group, so that any
 * `days` consecutive days read every pack that was there all along. Which day it is follows from the clock, not from
 * anything stored.
 */
export function packsOfTheDay(packs: readonly ContentId[], days: number, now: number): ContentId[] {
  const today = Math.floor(now / day) % days
  return packs.filter((pack) => Number.parseInt(pack.slice(0, 8), 16) % days === today)
}
