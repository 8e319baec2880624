import type { Clock } from '@exprsn/core'
import type { Queryable } from '@exprsn/core/database'
import { publishErrors } from './errors.ts'
import type { PartRow } from './item-rows.ts'
import type { PublishStatements } from './statements.ts'

const hour = 3_600_000
const never = Number.MAX_SAFE_INTEGER

/**
 * Lets no more than so many new items of an account out in any hour, whichever process sends them. An item has one place: its turn
 * while it waits, and then the time of its last attempt, so that one that is tried again takes none of another.
 */
export class NewItemPace {
  readonly #owner: string
  readonly #limit: number
  readonly #statements: PublishStatements
  readonly #clock: Clock

  /** @throws `ATPROTO_PUBLISH_OPTION_INVALID` */
  constructor(did: string, limit: number, statements: PublishStatements, clock: Clock) {
    if (!(Number.isSafeInteger(limit) && limit > 0))
      throw publishErrors.ATPROTO_PUBLISH_OPTION_INVALID({ option: 'newItemsPerHour', value: limit })
    this.#owner = `new ${did}`
    this.#limit = limit
    this.#statements = statements
    this.#clock = clock
  }

  /** Lets an item out, by the digest of its name, or says until when it has to wait. */
  async take(tx: Queryable, item: string): Promise<{ readonly waitUntil?: number }> {
    const now = Math.floor(this.#clock.now())
    // Others wait here until the transaction ends.
    await tx.query(this.#statements.lockBudget, [this.#owner, 'hour'])
    const { rows } = await tx.query<{ reserved_at: number }>(this.#statements.readPlace, [this.#owner, item])
    const own = rows[0] === undefined ? undefined : Number(rows[0].reserved_at)
    const isWaiting = own !== undefined && own > now
    // Those behind it do not hold it up. Where some before it are gone, it comes earlier.
    let turn = await this.#turnAfter(tx, item, isWaiting ? own : own === undefined ? never : now + 1)
    if (turn > now && own !== undefined && !isWaiting) turn = await this.#turnAfter(tx, item, never)
    const place = Math.max(now, isWaiting ? Math.min(own, turn) : turn)
    await tx.query(this.#statements.forgetPlaces, [this.#owner, item, now - hour])
    await tx.query(this.#statements.reservePoints, [this.#owner, place, item, 1])
    return place > now ? { waitUntil: place } : {}
  }

  /** Gives up the turn of an item that is not to be sent any more. One that was tried keeps its place. */
  async leave(tx: Queryable, item: string): Promise<void> {
    await tx.query(this.#statements.leaveTurn, [this.#owner, item, Math.floor(this.#clock.now())])
  }

  /** When an hour has passed since as many as may be were let out, of those with a place before a moment. */
  async #turnAfter(tx: Queryable, item: string, before: number): Promise<number> {
    const values = [this.#owner, item, before, this.#limit - 1]
    const { rows } = await tx.query<{ reserved_at: number }>(this.#statements.nthLatest, values)
    return rows[0] === undefined ? 0 : Number(rows[0].reserved_at) + hour
  }
}

/** Whether nothing of an item was ever there: what is changed or begun is not held up. */
export function isNew(parts: readonly PartRow[]): boolean {
  return parts.every(({ cid, refCid }) => cid === undefined && refCid === undefined)
}
