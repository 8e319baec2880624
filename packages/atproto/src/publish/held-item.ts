import type { Database, Queryable, SqlValue } from '@exprsn/core/database'
import { publishErrors } from './errors.ts'
import { itemRow, partRow, type ItemRow, type PartRow } from './item-rows.ts'
import { recordKey, turnAfter } from './record-key.ts'
import type { PublishStatements } from './statements.ts'

const mostTurns = 1_000

/**
 * An item that one run holds. Every change is made in a transaction that first checks that this run still holds it: a process
 * that was paused, and whose item another has taken over, changes nothing any more.
 */
export class HeldItem {
  readonly row: ItemRow
  readonly #database: Database
  readonly #sql: PublishStatements
  readonly #did: string
  readonly #holder: string

  private constructor(database: Database, sql: PublishStatements, did: string, holder: string, row: ItemRow) {
    this.#database = database
    this.#sql = sql
    this.#did = did
    this.#holder = holder
    this.row = row
  }

  /** Takes an item from whoever has it; undefined when there is none. */
  static async take(
    database: Database,
    sql: PublishStatements,
    place: { readonly did: string; readonly mapping: string; readonly id: string; readonly holder: string },
  ): Promise<HeldItem | undefined> {
    const { did, mapping, id, holder } = place
    const { rows } = await database.query(sql.hold, [did, mapping, id, holder])
    return rows[0] === undefined ? undefined : new HeldItem(database, sql, did, holder, itemRow(rows[0]))
  }

  /** All its records, also those that are gone. */
  async parts(): Promise<PartRow[]> {
    const { rows } = await this.#database.query(this.#sql.readParts, this.#key())
    return rows.map(partRow)
  }

  /** @throws `ATPROTO_PUBLISH_HOLDER_LOST` when another run, or another version of the item, has come */
  async guard(tx: Queryable): Promise<void> {
    const { count } = await tx.query(this.#sql.isHolder, [...this.#key(), this.#holder, this.row.revision])
    if (count === 0) throw publishErrors.ATPROTO_PUBLISH_HOLDER_LOST({ id: this.row.id })
  }

  /** Does work in a transaction of the holder. */
  change<Result>(work: (tx: Queryable) => Promise<Result>): Promise<Result> {
    return this.#database.transaction(async (tx) => {
      await this.guard(tx)
      return work(tx)
    })
  }

  /**
   * Gives every part its record key before anything is sent. Parts that were gone get one that none of their records has had;
   * `onRenewed` is told the old one, in the same transaction.
   */
  async reserve(
    known: readonly PartRow[],
    collection: string,
    count: number,
    onRenewed: (tx: Queryable, old: PartRow) => Promise<void>,
  ): Promise<PartRow[]> {
    const { generation } = this.row
    const own = new Map(known.filter((part) => part.generation === generation).map((part) => [part.part, part]))
    const missing = Array.from({ length: count }, (_, part) => part).filter((part) => own.get(part)?.removed !== false)
    if (missing.length > 0) {
      await this.change(async (tx) => {
        for (const part of missing) {
          const old = own.get(part)
          await this.#reserveOne(tx, collection, part, old)
          if (old !== undefined) await onRenewed(tx, old)
        }
      })
    }
    const all = missing.length > 0 ? await this.parts() : known
    return all.filter((part) => part.generation === generation && part.part < count)
  }

  /** Gives gates the keys of their posts, which they have to have. */
  async reserveGates(
    known: readonly PartRow[],
    gates: readonly { readonly part: number; readonly collection: string; readonly rkey: string }[],
  ): Promise<PartRow[]> {
    const { generation } = this.row
    const own = new Map(known.filter((part) => part.generation === generation).map((part) => [part.part, part]))
    const missing = gates.filter(({ part }) => own.get(part)?.removed !== false)
    if (missing.length > 0) {
      await this.change(async (tx) => {
        for (const { part, collection, rkey } of missing) {
          const isNew = own.get(part) === undefined
          const statement = isNew ? this.#sql.reservePart : this.#sql.renewPart
          await tx.query(statement, [...this.#key(), generation, part, ...(isNew ? [collection, rkey] : [rkey])])
        }
      })
    }
    const wanted = new Set(gates.map(({ part }) => part))
    const all = missing.length > 0 ? await this.parts() : known
    return all.filter((part) => part.generation === generation && wanted.has(part.part))
  }

  async #reserveOne(tx: Queryable, collection: string, part: number, old: PartRow | undefined): Promise<void> {
    const { createdAt, generation, mapping, id } = this.row
    const first = old === undefined ? 0 : turnAfter(old.rkey, createdAt, part)
    for (let turn = first; turn < first + mostTurns; turn++) {
      const rkey = recordKey([this.#did, mapping, id, generation], createdAt, part, turn)
      const { rows } = await tx.query(this.#sql.isKeyTaken, [this.#did, collection, rkey])
      if (rows.length > 0) continue
      const statement = old !== undefined ? this.#sql.renewPart : this.#sql.reservePart
      const values = old !== undefined ? [rkey] : [collection, rkey]
      const { count } = await tx.query(statement, [...this.#key(), generation, part, ...values])
      if (count > 0) return
    }
    throw publishErrors.ATPROTO_PUBLISH_KEYS_TAKEN({ id })
  }

  /** Notes what is about to be sent. */
  tried(tx: Queryable, part: PartRow, cid: string): Promise<unknown> {
    return tx.query(this.#sql.tryPart, this.#partKey(part, [...new Set([...part.tried, cid])].join(' ')))
  }

  /** Notes that a deletion is about to be sent: from then on it may arrive at any time, and nothing may be written there. */
  removing(tx: Queryable, part: PartRow): Promise<unknown> {
    return tx.query(this.#sql.removingPart, [...this.#key(), part.generation, part.part])
  }

  /** Notes what the host has, whoever wrote it. */
  adopt(part: PartRow, cid: string | undefined): Promise<unknown> {
    return this.change((tx) => tx.query(this.#sql.adoptPart, this.#partKey(part, cid ?? null)))
  }

  /** The same of a post that came together with those that answer it: they go on answering what it was. */
  adoptReferred(part: PartRow, cid: string): Promise<unknown> {
    return this.change((tx) => tx.query(this.#sql.adoptReferred, this.#partKey(part, cid)))
  }

  /** Notes that the host has what was sent. */
  confirm(part: PartRow, cid: string, alongside: (tx: Queryable) => Promise<void>): Promise<unknown> {
    return this.change(async (tx) => {
      await tx.query(this.#sql.confirmPart, this.#partKey(part, cid))
      await alongside(tx)
    })
  }

  /** The same for several, which were sent together. */
  confirmAll(
    written: readonly { readonly row: PartRow; readonly cid: string }[],
    alongside: (tx: Queryable) => Promise<void>,
  ): Promise<unknown> {
    return this.change(async (tx) => {
      for (const { row, cid } of written) await tx.query(this.#sql.confirmPart, this.#partKey(row, cid))
      await alongside(tx)
    })
  }

  /** Notes that a record is gone. */
  removed(part: PartRow, alongside: (tx: Queryable) => Promise<void>): Promise<unknown> {
    return this.change(async (tx) => {
      await tx.query(this.#sql.removePart, [...this.#key(), part.generation, part.part])
      await alongside(tx)
    })
  }

  /** Ends the run: in the transaction that also ends its job. */
  async settle(tx: Queryable, state: ItemRow['state'], error: string | null): Promise<void> {
    await this.guard(tx)
    await tx.query(this.#sql.saveState, [...this.#key(), state, error, this.row.revision])
    await tx.query(this.#sql.forgetRemoved, this.#key())
  }

  /** Says why the item still waits. */
  async waits(tx: Queryable, reason: string): Promise<void> {
    await tx.query(this.#sql.saveError, [...this.#key(), reason])
  }

  #key(): SqlValue[] {
    return [this.#did, this.row.mapping, this.row.id]
  }

  #partKey({ generation, part }: PartRow, cid: string | null): SqlValue[] {
    return [...this.#key(), generation, part, cid]
  }
}
