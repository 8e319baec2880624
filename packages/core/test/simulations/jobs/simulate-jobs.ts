import { sleep } from '@exprsn/core'
import { migrate, sqliteDatabase, type Database } from '@exprsn/core/database'
import { createJobs, type Job, type JobContext, type Jobs } from '@exprsn/core/jobs'
import { SeededRandom, SimulatedClock, type SimulationResult } from '@exprsn/core/testing'
import { SimulatedProcess, type ProcessFaults } from './simulated-process.ts'

const calm: ProcessFaults = { crash: 0, busy: 0, stall: 0 }
const stormy: ProcessFaults = { crash: 60, busy: 40, stall: 90 }
const storm = 180_000
const longestStall = 61_000
const longest = 500_000
const workers = 3
const orderedPerKey = 6
const orders = 12

interface World {
  readonly real: Database
  readonly clock: SimulatedClock
  readonly random: SeededRandom
  readonly faults: Record<string, number>
  readonly violations: string[]
  readonly processes: Set<SimulatedProcess>
  readonly starts: Set<string>
  readonly plant: (sql: string) => string
  stormOver: boolean
}

/**
 * Three workers and a host that enqueues through its own transactions; any of them may crash, stand still or be told that
 * the database is busy at every call. Crashed ones are replaced. When the storm is over everything has to come to its end:
 * nothing lost, every effect once and under the last token, orders kept, keys unique.
 */
export async function simulateJobs(
  seed: number,
  plant: (sql: string) => string = (sql) => sql,
): Promise<SimulationResult> {
  const clock = new SimulatedClock()
  await using real = sqliteDatabase({ path: ':memory:', clock })
  const world: World = {
    real,
    clock,
    random: new SeededRandom(seed),
    faults: {},
    violations: [],
    processes: new Set(),
    starts: new Set(),
    plant,
    stormOver: false,
  }
  await prepare(world)
  const closing: Jobs<never>[] = []
  for (let index = 0; index < workers; index++) startWorker(world, closing)
  let hosting = true
  const host = runHost(world).finally(() => (hosting = false))
  await clock.advanceBy(storm)
  world.stormOver = true
  for (const process of world.processes) process.faults = calm
  // One that stands still inside a transaction keeps everybody waiting: let it wake up before asking the database.
  await clock.advanceBy(longestStall)
  while (clock.monotonic() < longest && (hosting || (await unfinished(world)) > 0)) await clock.advanceBy(5_000)
  if (hosting) world.violations.push('The host is still waiting for an answer.')
  else await host
  await check(world)
  const closed = Promise.all(closing.map((jobs) => jobs.close({ deadline: 0 })))
  await clock.advanceBy(60_000)
  await Promise.race([closed, Promise.resolve()])
  return { faults: world.faults, violations: world.violations }
}

async function prepare({ real, clock, plant }: World): Promise<void> {
  const { migrations } = createJobs({ database: real })
  const [first] = migrations.migrations
  const planted =
    typeof first === 'object' && 'sqlite' in first && typeof first.sqlite === 'function' ? first.sqlite : undefined
  const sqlite = (names: Parameters<NonNullable<typeof planted>>[0]): string => plant(planted!(names))
  await migrate(real, [{ name: 'jobs', migrations: [{ id: '001', sqlite, postgres: sqlite }] }], { clock })
  await real.query('create table orders (n bigint primary key)')
  await real.query(
    'create table effects (place integer primary key, kind text, n bigint, job text, token bigint, at bigint)',
  )
}

/** A process that takes jobs; when it crashes, another takes its place. */
function startWorker(world: World, closing: Jobs<never>[]): void {
  const process = newProcess(world, () => {
    world.clock.setTimer(() => startWorker(world, closing), 500)
  })
  const { clock } = process
  const pause = (random: SeededRandom): Promise<void> => sleep(random.uint32() % 3_000, { clock })
  const random = world.random.fork(`handlers-${world.processes.size}`)
  const started = (job: Job): void => {
    const start = `${job.id}/${job.token}`
    if (world.starts.has(start)) world.violations.push(`Token ${job.token} of job ${job.id} was handed out twice.`)
    world.starts.add(start)
  }
  const effect =
    (kind: string) =>
    async (job: Job, { completeWith }: JobContext) => {
      started(job)
      await pause(random)
      if (kind === 'flaky' && job.attempt < 3) throw new Error('not yet')
      await completeWith(async (tx) => {
        const values = [kind, Number(job.payload), job.id, job.token, world.clock.now()]
        await tx.query('insert into effects (kind, n, job, token, at) values ($1, $2, $3, $4, $5)', values)
      })
    }
  const jobs = createJobs({
    database: process.database,
    clock,
    random: world.random.fork(`jobs-${world.processes.size}`),
    concurrency: 3,
    handlers: {
      order: effect('order'),
      ordered: effect('ordered'),
      flaky: effect('flaky'),
      later: effect('later'),
      unique: effect('unique'),
      plain: async (job: Job) => {
        started(job)
        await pause(random)
      },
      poison: (job: Job) => {
        started(job)
        throw new Error('always')
      },
    },
  })
  jobs.start()
  closing.push(jobs as unknown as Jobs<never>)
}

function newProcess(world: World, onCrash: () => void): SimulatedProcess {
  const process = new SimulatedProcess({
    real: world.real,
    clock: world.clock,
    random: world.random.fork(`process-${world.processes.size}`),
    faults: world.stormOver ? calm : stormy,
    hit: (fault) => {
      world.faults[fault] = (world.faults[fault] ?? 0) + 1
    },
    onCrash,
    plant: world.plant,
  })
  world.processes.add(process)
  return process
}

const patient = { attempts: 1_000, backoff: { initial: '200ms', maximum: '5s' } } as const

/** The host enqueues: some jobs for certain, and orders in transactions that may crash or be rolled back. */
async function runHost(world: World): Promise<void> {
  const { clock, real, random } = world
  const sure = createJobs({ database: patched(real, world.plant), clock })
  for (let n = 1; n <= orderedPerKey; n++)
    for (const orderingKey of ['a', 'b']) await sure.enqueue('ordered', n, { ...patient, orderingKey })
  for (let n = 1; n <= 4; n++) await sure.enqueue('flaky', n, patient)
  for (let n = 1; n <= 3; n++) await sure.enqueue('later', n, { ...patient, delay: n * 40_000 })
  await sure.enqueueMany(Array.from({ length: 8 }, (_, n) => ({ name: 'plain', payload: n, ...patient })))
  await sure.enqueue('poison', 1, { attempts: 3, backoff: patient.backoff })
  for (let n = 1; n <= orders; n++) {
    await placeOrder(world, n, random.fork(`order-${n}`))
    await sure.enqueue('unique', n, { ...patient, key: 'only' })
    const open = await real.query("select 1 from exprsn_jobs where key = 'only' and finished_at is null")
    if (open.count > 1) world.violations.push(`${open.count} unfinished jobs share a key.`)
    await sleep(2_000, { clock })
  }
}

/** Row and job in one transaction; it may be rolled back, or its process crash. */
async function placeOrder(world: World, n: number, random: SeededRandom): Promise<void> {
  let crashed = (): void => {}
  const crash = new Promise<void>((resolve) => (crashed = resolve))
  const process = newProcess(world, () => crashed())
  const jobs = createJobs({ database: process.database, clock: process.clock })
  const work = process.database.transaction(async (tx) => {
    await tx.query('insert into orders values ($1)', [n])
    await jobs.enqueue('order', n, { ...patient, tx })
    if (random.uint32() % 4 === 0) throw new Error('the host refuses')
  })
  await Promise.race([work.catch(() => {}), crash])
}

function patched(real: Database, plant: (sql: string) => string): Database {
  return {
    ...real,
    query: (text, values, options) => real.query(plant(text), values, options),
    transaction: (work, options) =>
      real.transaction(
        (tx) =>
          work({
            ...tx,
            dialect: tx.dialect,
            query: (text, values) => tx.query(plant(text), values),
            transaction: (inner) => tx.transaction(inner),
          }),
        options,
      ),
  }
}

async function unfinished({ real }: World): Promise<number> {
  return (await real.query('select 1 from exprsn_jobs where finished_at is null')).count
}

async function check({ real, violations }: World): Promise<void> {
  const rows = async (sql: string): Promise<Record<string, unknown>[]> => [...(await real.query(sql)).rows]
  for (const row of await rows(
    "select id, name, state, attempt from exprsn_jobs where state <> case name when 'poison' then 'dead' else 'done' end",
  ))
    violations.push(`Job ${row['id']} (${row['name']}) ended ${row['state']} after ${row['attempt']} attempts.`)
  for (const row of await rows("select attempt from exprsn_jobs where name = 'poison' and attempt <> 3"))
    violations.push(`The poison was tried ${row['attempt']} times, not 3.`)
  for (const row of await rows('select job, count(*) as count from effects group by job having count(*) > 1'))
    violations.push(`The effect of job ${row['job']} happened ${row['count']} times.`)
  for (const row of await rows(
    "select id, name from exprsn_jobs where name not in ('plain', 'poison') and cast(id as text) not in (select job from effects)",
  ))
    violations.push(`Job ${row['id']} (${row['name']}) has no effect.`)
  for (const row of await rows(
    'select id from exprsn_jobs join effects on job = cast(id as text) where exprsn_jobs.token <> effects.token',
  ))
    violations.push(`Job ${row['id']} was completed under an old token.`)
  for (const row of await rows(
    "select one.n as n, two.n as later from effects as one, effects as two, exprsn_jobs as j1, exprsn_jobs as j2 where one.kind = 'ordered' and two.kind = 'ordered' and j1.id = one.job and j2.id = two.job and j1.ordering_key = j2.ordering_key and one.place < two.place and one.n > two.n",
  ))
    violations.push(`Ordered job ${row['n']} took effect before ${row['later']}.`)
  const keyed = await rows("select ordering_key from exprsn_jobs where name = 'ordered' and ordering_key is not null")
  if (keyed.length !== orderedPerKey * 2) violations.push('Ordered jobs lost their key.')
  for (const row of await rows(
    "select id from exprsn_jobs join effects on job = cast(id as text) where at < run_at and attempts = 1000 and kind = 'later'",
  ))
    violations.push(`Job ${row['id']} ran before it was due.`)
  for (const row of await rows("select n from orders where n not in (select n from effects where kind = 'order')"))
    violations.push(`Order ${row['n']} was placed, its job never ran.`)
  for (const row of await rows("select n from effects where kind = 'order' and n not in (select n from orders)"))
    violations.push(`Order ${row['n']} was rolled back, its job ran.`)
}
