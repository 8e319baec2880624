import { milliseconds } from '@exprsn/core'
import type { DisputeSweepOptions, DisputeSweepReport } from '../disputes.ts'
import type { DisputeEngine } from './dispute-engine.ts'
import { raiseAlarms } from './raise-alarms.ts'
import { settleCommand } from './run-command.ts'
import { takeReports } from './take-reports.ts'

const page = 200

/** Does what is due, case by case: what fails does not hold up the rest. */
export async function sweepDisputes(
  engine: DisputeEngine,
  { deadline = '30s', signal }: DisputeSweepOptions = {},
): Promise<DisputeSweepReport> {
  const { database, store, reports, clock } = engine
  const began = clock.monotonic()
  const limit = milliseconds(deadline)
  const failures: string[] = []
  const counts = { reports: 0, resolved: 0, alarms: 0, forgotten: 0 }
  const each = async <Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> => {
    for (const item of items) {
      signal?.throwIfAborted()
      if (clock.monotonic() - began > limit) return
      try {
        await work(item)
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        engine.logger.warn({ err: error }, 'A piece of work on disputes failed and is tried again.')
        failures.push(message)
      }
    }
  }
  await each(await reports.waiting(database, page), async (dispute) => {
    counts.reports += await database.transaction((tx) => takeReports(engine, tx, dispute))
  })
  await each(await store.underway(database, page), async (id) => {
    const { status } = await settleCommand(engine, id, signal)
    if (status !== 'unknown') counts.resolved++
  })
  await each(await store.toTell(database, engine.now(), page), async (id) => {
    if (await raiseAlarms(engine, id, signal)) counts.alarms++
  })
  counts.forgotten = await store.forgetPurchases(database, engine.now() - engine.keepPurchases)
  return { ...counts, failures }
}
