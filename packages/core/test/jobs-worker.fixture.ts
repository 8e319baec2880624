import { migrate } from '../src/database/migrate.ts'
import { postgresDatabase } from '../src/drivers/postgres.ts'
import { createJobs } from '../src/jobs/create-jobs.ts'
import type { Job } from '../src/jobs/job.ts'
import type { JobContext } from '../src/jobs/job-handler.ts'

/** A worker in a process of its own, to be killed or stopped: `node jobs-worker.fixture.ts <connection as JSON>`. */
const database = postgresDatabase({ connection: JSON.parse(process.argv[2]!) as { host: string }, max: 4 })
const jobs = createJobs({
  database,
  lease: '500ms',
  poll: { minimum: '5ms', maximum: '50ms' },
  concurrency: 4,
  handlers: {
    async n(job: Job<number>, { completeWith }: JobContext) {
      await completeWith(async (tx) => {
        await tx.query('insert into effects (n, token) values ($1, $2)', [job.payload, job.token])
      })
    },
  },
})
await migrate(database, [jobs.migrations])
jobs.start()
process.stdout.write('ready\n')
