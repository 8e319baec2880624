import type { Database } from '@exprsn/core/database'
import { createScheduler, cron, type Scheduler } from '@exprsn/core/schedule'

/** The schedule: one report a night, also on the nights when the clocks change. */
export function nightlyReports(database: Database, zone: string): Scheduler {
  const scheduler = createScheduler({ database })
  scheduler.add({
    id: 'nightly-report',
    when: cron('30 2 * * *', { zone }),
    run: ({ slot, complete }) =>
      database.transaction(async (tx) => {
        const night = slot.toISOString()
        await tx.query('insert into reports select $1, count(*) from orders on conflict do nothing', [night])
        await complete(tx)
      }),
  })
  return scheduler
}
