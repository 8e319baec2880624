import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freshPostgresDatabase } from '@exprsn/real-servers/postgres'
import { expect, it } from 'vitest'
import { migrate } from '../src/database/migrate.ts'
import { postgresDatabase } from '../src/drivers/postgres.ts'
import { SeededRandom } from '../src/testing/random/seeded-random.ts'
import { createJobs } from '../src/jobs/create-jobs.ts'

const fixture = join(import.meta.dirname, 'jobs-worker.fixture.ts')

async function startWorker(connection: object): Promise<ChildProcess> {
  const flags = ['--conditions=@exprsn/source', fixture, JSON.stringify(connection)]
  const child = spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return child
}

/** Five worker processes lose their life or their breath in the middle of their jobs. */
it('loses no job and repeats no effect when worker processes are killed and stopped', async () => {
  await using server = await freshPostgresDatabase()
  await using database = postgresDatabase({ connection: { ...server.connection } })
  const jobs = createJobs({ database })
  await migrate(database, [jobs.migrations])
  await database.query('create table effects (n bigint not null, token bigint not null)')
  const random = new SeededRandom(7)
  const count = 600
  const children = new Set<ChildProcess>()
  const stopped: ChildProcess[] = []
  try {
    const list = Array.from({ length: count }, (_, n) => ({ name: 'n', payload: n, attempts: 100 }))
    for (let round = 0; round < 5; round++) {
      const child = await startWorker(server.connection)
      children.add(child)
      await jobs.enqueueMany(list.slice(round * 100, (round + 1) * 100))
      await delay(random.uint32() % 40)
      child.kill(round % 2 === 0 ? 'SIGKILL' : 'SIGSTOP')
      if (round % 2 === 1) stopped.push(child)
    }
    await jobs.enqueueMany(list.slice(500))
    children.add(await startWorker(server.connection))
    await delay(900)
    for (const child of stopped) child.kill('SIGCONT')
    const end = performance.now() + 20_000
    while ((await jobs.stats()).done < count && performance.now() < end) await delay(50)
    const { done, dead } = await jobs.stats()
    expect({ done, dead }).toEqual({ done: count, dead: 0 })
    const { rows } = await database.query('select count(*) as effects, count(distinct n) as jobs from effects')
    expect(rows[0]).toEqual({ effects: count, jobs: count })
    const stale = await database.query(
      'select 1 from effects join exprsn_jobs on cast(payload as bigint) = n where effects.token <> exprsn_jobs.token',
    )
    expect(stale.count).toBe(0)
  } finally {
    for (const child of children) child.kill('SIGKILL')
  }
}, 60_000)
