// One replica of the process test: a scheduler on real PostgreSQL whose job writes its effect with the end of the run.
import { createScheduler, every } from '@exprsn/core/schedule'
import { postgresDatabase } from '@exprsn/core/drivers/postgres'

const { connection, interval, lease, owner } = JSON.parse(process.argv[2]!) as {
  readonly connection: Record<string, string>
  readonly interval: number
  readonly lease: number
  readonly owner: string
}

const database = postgresDatabase({ connection, max: 3 })
const scheduler = createScheduler({ database, owner, lease, poll: lease / 4, history: 10_000 })
scheduler.add({
  id: 'effects',
  when: every(interval),
  overlap: 'allow',
  misfire: 'run-all',
  misfireLimit: 100_000,
  attempts: 1_000,
  async run({ slot, fencingToken, complete }) {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * interval))
    await database.transaction(async (tx) => {
      await tx.query('insert into effects (slot, token, owner) values ($1, $2, $3)', [slot, fencingToken, owner])
      await complete(tx)
    })
  },
})
scheduler.start()
