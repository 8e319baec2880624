import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { migrate } from '@exprsn/core/database'
import { postgresDatabase } from '@exprsn/core/drivers/postgres'
import { createScheduler, every } from '@exprsn/core/schedule'
import { SeededRandom } from '@exprsn/core/testing'

const replicaFile = fileURLToPath(new URL('scheduler-replica.fixture.ts', import.meta.url))

/** What to run, and how roughly. */
export interface ProcessTrial {
  readonly connection: object
  readonly replicas: number
  readonly slots: number
  /** Milliseconds between slots. */
  readonly interval: number
  /** Milliseconds. */
  readonly lease: number
  /** Milliseconds between a kill, a stop or a start. */
  readonly disturbEvery: number
  readonly seed: number
}

/** What was seen: each list is empty when the promise held. */
export interface ProcessTrialReport {
  readonly slots: number
  readonly kills: number
  readonly stops: number
  /** Runs that another replica had to begin again. */
  readonly takenOver: number
  readonly missing: readonly number[]
  readonly doubled: readonly number[]
  /** Slots whose effect does not carry the token that the run ended with. */
  readonly unfenced: readonly number[]
}

/** Real processes on real PostgreSQL, killed and stopped at random; reads back what the job has done. */
export async function runProcessTrial(trial: ProcessTrial): Promise<ProcessTrialReport> {
  const { connection, slots, interval, disturbEvery } = trial
  await using database = postgresDatabase({ connection: { ...connection } })
  await migrate(database, [createScheduler({ database }).migrations])
  await database.query('create table effects (slot bigint not null, token bigint not null, owner text not null)')
  const group = new ReplicaGroup(trial)
  try {
    const first = await firstSlot(database, group, interval)
    const last = first + (slots - 1) * interval
    while (Date.now() < last + interval) {
      await wait(disturbEvery)
      group.disturb()
    }
    group.heal()
    await untilSettled(database, last)
    return { ...(await judge(database, first, last, interval)), slots, kills: group.kills, stops: group.stops }
  } finally {
    group.end()
  }
}

type Postgres = ReturnType<typeof postgresDatabase>

class ReplicaGroup {
  kills = 0
  stops = 0
  readonly #trial: ProcessTrial
  readonly #random: SeededRandom
  readonly #children: ChildProcess[] = []
  readonly #stopped = new Set<ChildProcess>()
  #started = 0

  constructor(trial: ProcessTrial) {
    this.#trial = trial
    this.#random = new SeededRandom(trial.seed)
    for (let index = 0; index < trial.replicas; index++) this.#start(index)
  }

  disturb(): void {
    const index = this.#random.uint32() % this.#children.length
    const child = this.#children[index]!
    if (this.#stopped.delete(child)) child.kill('SIGCONT')
    else if (this.#random.uint32() % 2 === 0) {
      this.stops++
      this.#stopped.add(child)
      child.kill('SIGSTOP')
    } else {
      this.kills++
      child.kill('SIGKILL')
      this.#start(index)
    }
  }

  heal(): void {
    for (const child of this.#stopped) child.kill('SIGCONT')
    this.#stopped.clear()
  }

  end(): void {
    for (const child of this.#children) child.kill('SIGKILL')
  }

  #start(index: number): void {
    const { connection, interval, lease } = this.#trial
    const settings = JSON.stringify({ connection, interval, lease, owner: `replica-${this.#started++}` })
    this.#children[index] = spawn(
      process.execPath,
      ['--no-warnings', '--conditions=@exprsn/source', replicaFile, settings],
      {
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    )
  }
}

/** The first slot after the job was registered by one of the replicas. */
async function firstSlot(database: Postgres, group: ReplicaGroup, interval: number): Promise<number> {
  for (;;) {
    const { rows } = await database.query<{ registered_at: number }>('select registered_at from exprsn_schedule_jobs')
    const [job] = rows
    if (job !== undefined) return every(interval).next(Number(job.registered_at))!
    await wait(20)
    if (group.kills > 0) throw new Error('disturbed too early')
  }
}

/** No slot up to the last is unsettled, and no run of one is in progress. */
async function untilSettled(database: Postgres, last: number): Promise<void> {
  const end = Date.now() + 120_000
  for (;;) {
    const { rows } = await database.query<{ settled: number; open: number }>(
      `select (select slot from exprsn_schedule_jobs) as settled,
              (select count(*) from exprsn_schedule_runs where state = 'running' and slot <= $1) as open`,
      [last],
    )
    if (Number(rows[0]!.settled) >= last && Number(rows[0]!.open) === 0) return
    if (Date.now() > end) return
    await wait(50)
  }
}

async function judge(database: Postgres, first: number, last: number, interval: number) {
  const { rows } = await database.query<{ slot: number; token: number; ended: number | null; attempt: number }>(
    `select effects.slot, effects.token, runs.token as ended, runs.attempt
     from effects left join exprsn_schedule_runs runs on runs.slot = effects.slot and runs.kind = 'slot' and runs.state = 'done'
     where effects.slot >= $1 and effects.slot <= $2`,
    [first, last],
  )
  const counts = new Map<number, number>()
  for (const { slot } of rows) counts.set(slot, (counts.get(slot) ?? 0) + 1)
  const missing: number[] = []
  for (let slot = first; slot <= last; slot += interval) if (!counts.has(slot)) missing.push(slot)
  return {
    missing,
    doubled: [...counts].filter(([, count]) => count > 1).map(([slot]) => slot),
    unfenced: rows.filter(({ token, ended }) => token !== ended).map(({ slot }) => slot),
    takenOver: rows.filter(({ attempt }) => attempt > 1).length,
  }
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
