import { join } from 'node:path'
import { migrate, sqliteDatabase, type Database } from '@exprsn/core/database'
import { createScheduler, cron, nextRuns } from '@exprsn/core/schedule'
import type { Step, StepContext, StepOutcome } from '../../step.ts'
import { jobs, nights, zone } from './nights.ts'
import { startReplica, type Replica } from './replicas.ts'

/** Three processes, one of them killed, and two nights on which the clocks change: every report is made exactly once. */
export const nightlyJob: Step = {
  name: 'nightly-job',
  title: 'Schedule: nightly jobs across the nights when the clocks change, three processes, one killed',
  run: runNights,
}

const names = ['replica A', 'replica B', 'replica C'] as const
const halfHour = 30 * 60_000
const killedAt = Date.parse('2026-03-08T00:00:00Z')

async function runNights(context: StepContext): Promise<StepOutcome> {
  const { folder, defer, say } = context
  const path = join(folder, 'schedule.db')
  const database = sqliteDatabase({ path })
  defer(() => database.close())
  await prepare(database)
  const replicas = names.map((name) => startReplica(path, name))
  defer(async () => replicas.forEach((replica) => replica.kill()))
  await liveThrough(replicas, context)
  const made = await readReports(database)
  for (const date of ['2026-03-08', '2026-11-01'])
    say(`${date}: ${made.flatMap(({ what }) => (what.includes(date) ? [what] : [])).join(', ')}`)
  return judge(made)
}

async function prepare(database: Database): Promise<void> {
  await using scheduler = createScheduler({ database })
  await migrate(database, [scheduler.migrations])
  await database.query('create table report (job text, slot bigint, owner text, token bigint)')
}

/** All replicas are told each half hour of both weekends; one of them does not live to see the first change. */
async function liveThrough(replicas: readonly Replica[], { progress, say, signal }: StepContext): Promise<void> {
  const times = nights.flatMap(({ from, to }) =>
    Array.from(
      { length: (to.getTime() - from.getTime()) / halfHour + 1 },
      (_, step) => from.getTime() + step * halfHour,
    ),
  )
  const bar = progress('living through two weekends', 'half hours')
  for (const [index, now] of times.entries()) {
    signal.throwIfAborted()
    if (now === killedAt) replicas[1]!.kill()
    await Promise.all(replicas.map((replica) => replica.tick(now)))
    bar.update(index + 1, times.length)
  }
  bar.end(`${times.length} half hours`)
  say(`${names[1]} was killed on the evening before the first change`)
}

interface Report {
  readonly what: string
  readonly owner: string
}

async function readReports(database: Database): Promise<Report[]> {
  const { rows } = await database.query<{ job: string; slot: number; owner: string }>(
    'select job, slot, owner from report order by slot, job',
  )
  return rows.map(({ job, slot, owner }) => ({ what: `${job} ${new Date(slot).toISOString()}`, owner }))
}

function judge(made: readonly Report[]): StepOutcome {
  const wanted = expected()
  const missing = wanted.filter((slot) => !made.some(({ what }) => what === slot))
  if (missing.length > 0) throw new Error(`Reports are missing: ${missing.join(', ')}.`)
  if (made.length !== wanted.length) throw new Error(`${made.length} reports were made instead of ${wanted.length}.`)
  const shares = names.map((name) => `${name}: ${made.filter(({ owner }) => owner === name).length}`)
  return {
    facts: [
      { label: 'reports', value: `${made.length} of ${wanted.length} slots, each exactly once` },
      { label: 'made by', value: shares.join(', ') },
    ],
  }
}

/** The slots by the calendar alone, without a scheduler. */
function expected(): string[] {
  return nights.flatMap(({ from, to }) =>
    jobs.flatMap(({ id, expression }) =>
      nextRuns(cron(expression, { zone }), { from, count: 10 })
        .filter((slot) => slot <= to)
        .map((slot) => `${id} ${slot.toISOString()}`),
    ),
  )
}
