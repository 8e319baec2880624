import { migrate } from '@exprsn/core/database'
import { postgresDatabase } from '@exprsn/core/drivers/postgres'
import { createScheduler, every, type JobOptions, type SchedulerOptions } from '@exprsn/core/schedule'
import { SimulatedClock } from '@exprsn/core/testing'
import { freshPostgresDatabase } from '@exprsn/real-servers/postgres'
import { afterAll, beforeAll, expect, it } from 'vitest'

const schema = 'ops'
let server: Awaited<ReturnType<typeof freshPostgresDatabase>>
let database: ReturnType<typeof postgresDatabase>

beforeAll(async () => {
  server = await freshPostgresDatabase()
  database = postgresDatabase({ connection: { ...server.connection } })
  await migrate(database, [createScheduler({ database }).migrations], { schema, prefix: 'app_' })
})

afterAll(async () => {
  await database.close()
  await server.drop()
})

function replica(
  clock: SimulatedClock,
  job: Partial<JobOptions> & { readonly id: string },
  options: Partial<SchedulerOptions> = {},
) {
  const scheduler = createScheduler({ database, clock, schema, prefix: 'app_', ...options })
  scheduler.add({ when: every('1m'), run: () => {}, ...job })
  return scheduler
}

it('runs, pauses, resumes, runs now, keeps a history and removes on PostgreSQL', async () => {
  const clock = new SimulatedClock()
  const manual: boolean[] = []
  await using scheduler = replica(
    clock,
    { id: 'job', run: ({ isManual }) => void manual.push(isManual) },
    { history: 2 },
  )
  expect(await scheduler.tick()).toMatchObject({ started: 0 })
  await clock.advanceBy('1m')
  expect(await scheduler.tick()).toEqual({ started: 1, next: new Date('2026-01-01T00:02:00Z') })
  await scheduler.pause('job')
  await clock.advanceBy('1m')
  expect(await scheduler.tick()).toMatchObject({ started: 0 })
  await scheduler.resume('job')
  expect(await scheduler.tick()).toMatchObject({ started: 1 })
  expect(await scheduler.runNow('job')).toEqual({ state: 'done' })
  expect(manual).toEqual([false, false, true])
  await expect
    .poll(() => scheduler.runs('job'))
    .toMatchObject([
      { kind: 'manual', state: 'done' },
      { kind: 'slot', state: 'done' },
    ])
  await scheduler.remove('job')
  expect(await scheduler.runs('job')).toEqual([])
})

it('takes over what a replica left, and lets the late one complete nothing', async () => {
  const clock = new SimulatedClock()
  const errors: unknown[] = []
  let wake = (): void => {}
  const stuck = replica(clock, {
    id: 'left',
    run: async ({ complete }) => {
      await new Promise<void>((resolve) => (wake = resolve))
      await database.transaction((tx) => complete(tx)).catch((error: unknown) => errors.push(error))
    },
  })
  await stuck.tick()
  await clock.advanceBy('1m')
  const ticking = stuck.tick({ deadline: '10m' })
  await expect.poll(() => stuck.runs('left')).toMatchObject([{ state: 'running', attempt: 1, token: 1 }])
  // The other replica's clock alone goes on: the first one stands still.
  const later = new SimulatedClock({ now: clock.now() + 31_000 })
  const seen: number[][] = []
  await using other = replica(later, {
    id: 'left',
    run: ({ attempt, fencingToken }) => void seen.push([attempt, fencingToken]),
  })
  await other.tick()
  expect(seen).toEqual([[2, 2]])
  wake()
  await ticking
  expect(errors).toMatchObject([{ code: 'CORE_SCHEDULE_LEASE_LOST' }])
  expect(await other.runs('left')).toMatchObject([{ state: 'done', token: 2, attempt: 2 }])
  await stuck.close({ deadline: 0 })
})

it('gives each slot to one of ten replicas that reach for it at the same moment', async () => {
  const clock = new SimulatedClock()
  const slots: number[] = []
  const group = Array.from({ length: 10 }, () =>
    replica(clock, { id: 'race', run: ({ slot }) => void slots.push(slot.getTime()) }),
  )
  for (let round = 0; round < 5; round++) {
    await Promise.all(group.map((each) => each.tick()))
    await clock.advanceBy('1m')
  }
  expect(slots).toHaveLength(4)
  expect(new Set(slots).size).toBe(4)
  await Promise.all(group.map((each) => each.close()))
})
