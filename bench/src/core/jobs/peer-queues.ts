import { Logger, makeWorkerUtils, run } from 'graphile-worker'
import pg from 'pg'
import { PgBoss } from 'pg-boss'
import { pieces, type QueueSubject } from './subject.ts'

/** graphile-worker with the settings that its documentation gives for throughput. */
export async function graphileQueue(connectionString: object): Promise<QueueSubject> {
  const pgPool = new pg.Pool({ ...connectionString, max: 10 })
  // The database is dropped under idle connections at the end of a round.
  pgPool.on('error', () => {})
  pgPool.on('connect', (client) => void client.on('error', () => {}))
  // It writes a line for every job otherwise.
  const logger = new Logger(() => () => {})
  const utils = await makeWorkerUtils({ pgPool, logger })
  await utils.migrate()
  let runner: Awaited<ReturnType<typeof run>> | undefined
  return {
    async enqueue(count, batched) {
      if (batched)
        for (const list of pieces(count))
          await utils.addJobs(list.map((payload) => ({ identifier: 'n', payload: { payload } })))
      else for (let payload = 0; payload < count; payload++) await utils.addJob('n', { payload })
    },
    async start(handle) {
      runner = await run({
        pgPool,
        logger,
        noHandleSignals: true,
        preset: {
          worker: { concurrentJobs: 10, localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 },
        },
        taskList: { n: async (data) => handle((data as { payload: number }).payload) },
      } as Parameters<typeof run>[0])
    },
    async close() {
      await runner?.stop()
      await utils.release()
      await pgPool.end()
    },
  }
}

/** pg-boss with its shortest polling and large batches. */
export async function bossQueue(connection: {
  host?: string
  port?: number
  user?: string
  database?: string
}): Promise<QueueSubject> {
  const boss = new PgBoss({ ...connection, max: 10, supervise: false, schedule: false } as ConstructorParameters<
    typeof PgBoss
  >[0])
  boss.on('error', () => {})
  await boss.start()
  await boss.createQueue('n')
  return {
    async enqueue(count, batched) {
      if (batched)
        for (const list of pieces(count))
          await boss.insert(
            'n',
            list.map((payload) => ({ data: { payload } })),
          )
      else for (let payload = 0; payload < count; payload++) await boss.send('n', { payload })
    },
    async start(handle) {
      await boss.work<{ payload: number }>(
        'n',
        { batchSize: 1_000, localConcurrency: 10, pollingIntervalSeconds: 0.5 },
        async (jobs) => jobs.forEach(({ data }) => handle(data.payload)),
      )
    },
    close: () => boss.stop({ graceful: false }),
  }
}
