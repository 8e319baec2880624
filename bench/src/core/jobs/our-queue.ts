import { migrate, type Database } from '@exprsn/core/database'
import { createJobs, type Job } from '@exprsn/core/jobs'
import { pieces, type QueueSubject } from './subject.ts'

/** Ours, on any database. */
export async function ourQueue(database: Database): Promise<QueueSubject> {
  let handle = (_payload: number): void => {}
  const jobs = createJobs({
    database,
    concurrency: 10,
    handlers: { n: async (job: Job<number>) => handle(job.payload) },
  })
  await migrate(database, [jobs.migrations])
  return {
    async enqueue(count, batched) {
      if (batched)
        for (const list of pieces(count)) await jobs.enqueueMany(list.map((payload) => ({ name: 'n', payload })))
      else for (let payload = 0; payload < count; payload++) await jobs.enqueue('n', payload)
    },
    async start(callback) {
      handle = callback
      jobs.start()
    },
    async close() {
      await jobs.close()
      await database.close()
    },
  }
}
