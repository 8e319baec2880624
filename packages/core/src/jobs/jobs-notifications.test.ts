import { freshPostgresDatabase } from '@exprsn/real-servers/postgres'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from '../database/database.ts'
import { migrate } from '../database/migrate.ts'
import { postgresDatabase, postgresNotifications } from '../drivers/postgres.ts'
import { createFaultProxy, type ProxyAddress } from '../testing/proxy/fault-proxy.ts'
import { createJobs, type CreateJobsOptions } from './create-jobs.ts'
import type { Job } from './job.ts'
import { jobMigrations } from './sql/migrations.ts'

let server: Awaited<ReturnType<typeof freshPostgresDatabase>>
let database: Database
let elsewhere: Database

beforeAll(async () => {
  server = await freshPostgresDatabase()
  database = postgresDatabase({ connection: { ...server.connection } })
  elsewhere = postgresDatabase({ connection: { ...server.connection } })
})

afterAll(async () => {
  await database.close()
  await elsewhere.close()
  await server.drop()
})

beforeEach(async () => {
  await database.query('drop schema public cascade')
  await database.query('create schema public')
  await migrate(database, [jobMigrations])
})

/** A busy machine takes its time; the next poll would come in an hour. */
const soon = { timeout: 20_000 } as const
const patient = { minimum: '1h', maximum: '1h' } as const
const listeners = async () =>
  (
    await database.query<{ pid: number }>(
      "select pid from pg_stat_activity where datname = current_database() and query like 'listen %'",
    )
  ).rows.map(({ pid }) => pid)

/** PostgreSQL names its socket in a folder by the port. */
function serverAddress(): ProxyAddress {
  const { host, port } = server.connection
  return host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port }
}

/** A worker that polls once an hour, and jobs that only enqueue, in the place of another process. */
async function opened(options: Partial<CreateJobsOptions<{ n: number }>> = {}) {
  const ran: number[] = []
  const connection = { ...server.connection }
  const notifications = postgresNotifications({ connection, reconnectAfter: '20ms', reconnectMaximum: '50ms' })
  const handlers = { n: (job: Job<number>) => void ran.push(job.payload) }
  const worker = createJobs({ database, notifications, handlers, poll: patient, ...options })
  const sender = createJobs({ database: elsewhere, notifications })
  worker.start()
  return { ran, worker, sender, notifications }
}

describe('jobs with postgresNotifications', () => {
  it('run at once what another process enqueues, alone, in bulk and in a transaction, and only what commits', async () => {
    const { ran, worker, sender } = await opened()
    await expect.poll(listeners, soon).toHaveLength(1)
    await sender.enqueue('n', 1)
    await expect.poll(() => ran, soon).toEqual([1])
    await sender.enqueueMany([2, 3].map((payload) => ({ name: 'n', payload })))
    await expect.poll(() => ran.toSorted((a, b) => a - b), soon).toEqual([1, 2, 3])
    await elsewhere.transaction((tx) => sender.enqueue('n', 4, { tx }))
    await expect.poll(() => ran.toSorted((a, b) => a - b), soon).toEqual([1, 2, 3, 4])
    const rolledBack = elsewhere.transaction(async (tx) => {
      await sender.enqueue('n', 5, { tx })
      throw new Error('no')
    })
    await expect(rolledBack).rejects.toThrow('no')
    await sender.enqueue('n', 6, { key: 'k' })
    await expect.poll(() => ran.toSorted((a, b) => a - b), soon).toEqual([1, 2, 3, 4, 6])
    await worker.close()
    await sender.close()
    await expect.poll(listeners, soon).toEqual([])
  })

  it('run what came while the connection was lost as soon as it is back', async () => {
    const { ran, worker, sender } = await opened()
    for (let round = 0; round < 5; round++) {
      await expect.poll(listeners, soon).toHaveLength(1)
      const [pid] = await listeners()
      await Promise.all([database.query('select pg_terminate_backend($1)', [pid!]), sender.enqueue('n', round)])
      await expect.poll(() => ran, soon).toHaveLength(round + 1)
    }
    await worker.close()
    await sender.close()
  })

  it('find jobs by polling while there is no connection at all, and by notification once there is one', async () => {
    await using proxy = createFaultProxy({
      target: serverAddress(),
      faults: [{ kind: 'reset', afterBytes: 0 }],
    })
    const address = await proxy.start()
    const notifications = postgresNotifications({
      connection: { ...server.connection, ...address },
      reconnectAfter: '20ms',
      reconnectMaximum: '20ms',
    })
    const polled = await opened({ notifications, poll: { minimum: '20ms', maximum: '50ms' } })
    await polled.sender.enqueue('n', 1)
    await expect.poll(() => polled.ran, soon).toEqual([1])
    expect(await listeners()).toEqual([])
    await polled.worker.close()
    const woken = await opened({ notifications })
    await expect.poll(() => proxy.connections, soon).toBeGreaterThan(2)
    await woken.sender.enqueue('n', 2)
    proxy.setFaults([])
    await expect.poll(() => woken.ran, soon).toEqual([2])
    await woken.worker.close()
  })

  it('leave no connection behind when they are stopped, started and closed in a hurry', async () => {
    const { worker, sender, ran } = await opened()
    for (let round = 0; round < 5; round++) {
      await worker.stop()
      worker.start()
    }
    await sender.enqueue('n', 1)
    await expect.poll(() => ran, soon).toEqual([1])
    await worker.close()
    await expect.poll(listeners, soon).toEqual([])
  })

  it('refuse a connection that is unclear', () => {
    for (const options of [{}, { connection: 'postgres://x', connect: () => Promise.reject(new Error('no')) }])
      expect(() => postgresNotifications(options)).toThrow(expect.objectContaining({ code: 'CORE_DATABASE_OPTIONS' }))
  })
})
