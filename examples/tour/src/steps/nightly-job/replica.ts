// One of several processes that share a schedule. The step starts it with the database file and its name as arguments,
// and sends it the time again and again; it answers when it has done what was due.
import { once } from 'node:events'
import { sqliteDatabase } from '@exprsn/core/database'
import { createScheduler, cron } from '@exprsn/core/schedule'
import { SimulatedClock } from '@exprsn/core/testing'
import { jobs, nights, zone } from './nights.ts'

const [path, owner] = process.argv.slice(2) as [string, string]
const clock = new SimulatedClock({ now: nights[0]!.from.getTime() })

await using database = sqliteDatabase({ path })
await using scheduler = createScheduler({ database, clock, owner })
for (const { id, expression } of jobs)
  scheduler.add({
    id,
    when: cron(expression, { zone }),
    // The months between the nights are not to be made up for.
    misfire: 'skip',
    run: ({ slot, fencingToken, complete }) =>
      database.transaction(async (tx) => {
        const values = [id, slot, owner, fencingToken]
        await tx.query('insert into report (job, slot, owner, token) values ($1, $2, $3, $4)', values)
        await complete(tx)
      }),
  })

for (;;) {
  const [now] = (await once(process, 'message')) as [number]
  if (now === 0) break
  clock.set(now)
  await scheduler.tick()
  process.send!('ticked')
}
