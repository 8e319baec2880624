import { migrate, sqliteDatabase, type Database } from '@exprsn/core/database'
import { createScheduler, every, type JobOptions, type RunContext, type Scheduler } from '@exprsn/core/schedule'
import { SeededRandom, SimulatedClock, type SimulationResult } from '@exprsn/core/testing'
import { Observer } from './observer.ts'
import { SimulatedProcess, type Sabotage } from './world.ts'

const interval = 1_000
const lease = 3_000
const slots = 30
const replicas = 3
const jobs = [
  { id: 'together', overlap: 'allow' },
  { id: 'in-turn', overlap: 'queue' },
] as const

interface Replica {
  readonly process: SimulatedProcess
  readonly scheduler: Scheduler
}

/**
 * Three replicas share a database for thirty slots while processes are killed, stopped, cut off, set back in time and
 * restarted. At the end each slot's effect must be there exactly once.
 */
export async function runSeed(seed: number, sabotage: Sabotage = {}): Promise<SimulationResult> {
  const random = new SeededRandom(seed)
  const clock = new SimulatedClock()
  const faults: Record<string, number> = {}
  const observer = new Observer()
  await using shared = sqliteDatabase({ path: ':memory:', clock })
  await prepare(shared)
  const start = (name: string, skew: number): Replica => {
    const process = new SimulatedProcess(clock, random.fork(name), shared, faults, sabotage)
    process.skew = skew
    return { process, scheduler: startScheduler(name, process, random.fork(`${name}/jobs`), observer) }
  }
  const group = Array.from({ length: replicas }, (_, index) => start(`r${index}`, (random.uint32() % 200) - 100))
  const began = clock.now()
  for (let step = 0; step < slots * 2; step++) {
    await clock.advanceBy(interval / 2)
    const index = random.uint32() % replicas
    await disturb(group, index, step, { random, faults, observer, start, clock })
  }
  const until = clock.now()
  await heal(group, observer, shared, clock, start)
  for (const { scheduler, process } of group) {
    void scheduler.close({ deadline: 0 })
    process.kill()
  }
  // What is on its way to the database ends before its content is judged.
  await clock.advanceBy(lease)
  const violations = [...observer.violations, ...(await checkEffects(shared, began, until))]
  return { faults, violations }
}

async function prepare(shared: Database): Promise<void> {
  const { migrations } = createScheduler({ database: shared })
  await migrate(shared, [migrations])
  await shared.query('create table effects (job text not null, slot bigint not null, token bigint not null)')
}

function startScheduler(owner: string, process: SimulatedProcess, random: SeededRandom, observer: Observer): Scheduler {
  const { database, clock } = process
  const scheduler = createScheduler({ database, clock, owner, lease, poll: 700, history: 5 })
  for (const { id, overlap } of jobs) {
    const run = (context: RunContext): Promise<void> => perform(context, process, random, observer, overlap === 'queue')
    const job: JobOptions = {
      id,
      when: every(interval),
      run,
      overlap,
      misfire: 'run-all',
      misfireLimit: 10_000,
      attempts: 1_000,
    }
    scheduler.add(job)
  }
  scheduler.start()
  return scheduler
}

/** Works for a while, then writes the effect and the end of the run in one transaction. */
async function perform(
  context: RunContext,
  process: SimulatedProcess,
  random: SeededRandom,
  observer: Observer,
  isExclusive: boolean,
): Promise<void> {
  const { clock, database } = process
  const end = observer.begin(process, context, isExclusive)
  try {
    const work = random.uint32() % 4 === 0 ? random.uint32() % (lease * 2) : random.uint32() % 300
    await new Promise<void>((resolve) => void clock.setTimer(resolve, work))
    for (;;)
      try {
        await database.transaction(async (tx) => {
          const values = [context.id, context.slot, context.fencingToken]
          await tx.query('insert into effects (job, slot, token) values ($1, $2, $3)', values)
          await context.complete(tx)
          // Done for all replicas as soon as this commits, which is before the answer arrives here.
          end()
        })
        return
      } catch (error) {
        if ((error as { code?: string }).code === 'CORE_SCHEDULE_LEASE_LOST' || context.signal.aborted) throw error
        await new Promise<void>((resolve) => void clock.setTimer(resolve, 200))
      }
  } finally {
    end()
  }
}

interface Scene {
  readonly random: SeededRandom
  readonly faults: Record<string, number>
  readonly observer: Observer
  readonly clock: SimulatedClock
  readonly start: (name: string, skew: number) => Replica
}

async function disturb(group: Replica[], index: number, step: number, scene: Scene): Promise<void> {
  const { random, faults, observer, start } = scene
  const { process } = group[index]!
  const hit = (fault: string): void => void (faults[fault] = (faults[fault] ?? 0) + 1)
  process.lostAnswers = random.uint32() % 4 === 0 ? 0.1 : 0
  switch (random.uint32() % 12) {
    case 0:
      hit('kill')
      process.kill()
      return
    case 1:
      if (process.state === 'running') hit('stop')
      return process.stop()
    case 2:
    case 3:
      return process.continue()
    case 4:
      process.isPartitioned = true
      return
    case 5:
    case 6:
      process.isPartitioned = false
      return
    case 7:
      hit('clock-back')
      process.skew -= random.uint32() % 20_000
      return
    case 8:
      return process.setRight(lease)
    case 9:
      if (process.state === 'killed') group[index] = start(`r${index}/${step}`, 0)
      return
    case 10:
      return pauseForAWhile(group, observer, scene, hit)
    default:
  }
}

/** Both calls may find no replica that answers: then nothing is known about the job. */
async function pauseForAWhile(
  group: readonly Replica[],
  observer: Observer,
  { clock }: Scene,
  hit: (fault: string) => void,
): Promise<void> {
  const able = group.find(({ process }) => process.state === 'running' && !process.isPartitioned)
  if (able === undefined) return
  able.process.lostAnswers = 0
  const id = 'together'
  let isPaused = false
  able.scheduler.pause(id).then(
    () => (isPaused = true),
    () => undefined,
  )
  await clock.advanceBy(200)
  if (!isPaused) return
  observer.paused.add(id)
  hit('pause')
  await clock.advanceBy(1_500)
  observer.paused.delete(id)
  able.scheduler.resume(id).catch(() => undefined)
  await clock.advanceBy(200)
}

/** Everything works again, for long enough to make up for all that was left. */
async function heal(
  group: Replica[],
  observer: Observer,
  shared: Database,
  clock: SimulatedClock,
  start: Scene['start'],
): Promise<void> {
  observer.paused.clear()
  const resumed = shared.query('update exprsn_schedule_jobs set paused = 0, token = token + 1')
  for (const [index, { process }] of group.entries()) {
    process.lostAnswers = 0
    process.isPartitioned = false
    process.setRight(lease)
    process.continue()
    if (process.state === 'killed') group[index] = start(`r${index}/last`, 0)
  }
  await clock.advanceBy(120_000)
  await resumed
}

async function checkEffects(shared: Database, from: number, until: number): Promise<string[]> {
  const violations: string[] = []
  const { rows } = await shared.query<{ job: string; slot: number; effects: number }>(
    'select job, slot, count(*) as effects from effects group by job, slot',
  )
  const counts = new Map(rows.map(({ job, slot, effects }) => [`${job}/${slot}`, effects]))
  for (const { id } of jobs)
    for (let slot = (Math.floor(from / interval) + 1) * interval; slot <= until; slot += interval) {
      const effects = counts.get(`${id}/${slot}`) ?? 0
      if (effects !== 1) violations.push(`${id} has ${effects} effects for its slot ${new Date(slot).toISOString()}.`)
    }
  for (const { job, slot } of rows) if (slot < from) violations.push(`${job} ran the slot ${slot} before its time.`)
  return violations
}
