import type { Clock, Logger } from '@exprsn/core'
import type { Database, MigrationNaming, Queryable } from '@exprsn/core/database'
import type { Notify } from '@exprsn/core/notify'
import { disputeReports } from '../../payments/dispute-reports.ts'
import type { Payments } from '../../payments/payments.ts'
import { alarmsOf, nextAlarmAt } from '../alarm/alarms.ts'
import { caseOf, type DisputeCase, type StoredCase } from '../case/dispute-case.ts'
import { disputeErrors } from '../errors.ts'
import { disputeStore } from '../store/dispute-store.ts'
import { takeReports } from './take-reports.ts'

/** What happened to a case, as it is written down. */
export interface CaseNote {
  readonly action: string
  readonly actor: string
  readonly note?: string | undefined
}

/** What the parts of disputes share. */
export type DisputeEngine = ReturnType<typeof createDisputeEngine>

/** Puts the parts together. */
export function createDisputeEngine(
  options: MigrationNaming & {
    readonly database: Database
    readonly payments: Payments
    readonly notify: Pick<Notify, 'send'> | undefined
    readonly logger: Logger
    readonly clock: Clock
    /** Milliseconds. */
    readonly leads: readonly number[]
    /** Milliseconds. */
    readonly keepPurchases: number
  },
) {
  const { database, clock, leads } = options
  const store = disputeStore(database.dialect, options)
  const reports = disputeReports(database.dialect, options)
  const now = (): number => Math.floor(clock.now())

  function tellAt(stored: StoredCase): number | undefined {
    return nextAlarmAt(alarmsOf(caseOf(stored, now()), leads), stored.told)
  }

  async function known(tx: Queryable, id: string): Promise<StoredCase> {
    const stored = typeof id === 'string' ? await store.find(tx, id) : undefined
    if (stored === undefined) throw disputeErrors.PAYMENTS_DISPUTE_UNKNOWN({ dispute: String(id).slice(0, 200) })
    return stored
  }

  /** Writes a case, and what happened to it; gives it as it stands then. */
  async function save(tx: Queryable, stored: StoredCase, note?: CaseNote): Promise<DisputeCase> {
    const next = { ...stored, updatedAt: now() }
    const the = caseOf(next, now())
    await store.update(tx, next, now(), tellAt(next))
    if (note !== undefined) await tell(tx, the, note)
    return the
  }

  async function tell(tx: Queryable, { id, status, stage }: DisputeCase, note: CaseNote): Promise<void> {
    await store.addEvent(tx, id, {
      action: note.action,
      status,
      stage,
      actor: note.actor,
      note: note.note ?? '',
      at: now(),
    })
  }

  /** A case under its lock, with everything that its gateway has said taken in. */
  async function locked<Result>(
    id: string,
    work: (tx: Queryable, stored: StoredCase) => Promise<Result>,
  ): Promise<Result> {
    return database.transaction(async (tx) => {
      await known(tx, id)
      const stored = (await store.lock(tx, id))!
      await takeReports(context, tx, stored)
      return work(tx, (await store.find(tx, id))!)
    })
  }

  const context = { ...options, store, reports, now, tellAt, tell }
  return { ...context, known, save, locked }
}
