import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import { at } from './at.ts'
import { cron } from './cron.ts'
import { every } from './every.ts'
import type { JobOptions, RunContext } from './job.ts'
import { minuteOf, noting, useStage, type SchedulerStage } from '../../test/scheduler-stage.ts'

let stage: SchedulerStage
useStage((made) => {
  stage = made
})

describe('slots', () => {
  it('runs each once, whichever of the replicas is first', async () => {
    const slots: string[] = []
    for (let index = 0; index < 5; index++) {
      const replica = stage.scheduler()
      replica.add(noting(slots))
      replica.start()
    }
    await stage.clock.advanceBy('5m')
    expect(slots).toEqual(['00:01', '00:02', '00:03', '00:04', '00:05'])
  })

  it('hands out fencing tokens that grow', async () => {
    const tokens: number[] = []
    for (let index = 0; index < 3; index++) {
      const replica = stage.scheduler()
      replica.add({ id: 'job', when: every('1m'), run: ({ fencingToken }) => void tokens.push(fencingToken) })
      replica.start()
    }
    await stage.clock.advanceBy('10m')
    expect(tokens).toHaveLength(10)
    expect(tokens).toEqual([...new Set(tokens)].sort((a, b) => a - b))
  })

  it('claims a nightly job once over a night with a change of the clocks', async () => {
    const clock = new SimulatedClock({ now: new Date('2026-03-07T00:00:00Z') })
    const slots: string[] = []
    for (let index = 0; index < 3; index++) {
      const replica = stage.scheduler({ clock, poll: '1h' })
      const when = cron('30 2 * * *', { zone: 'America/New_York' })
      replica.add({ id: 'nightly', when, run: ({ slot }) => void slots.push(slot.toISOString()) })
      replica.start()
    }
    await clock.advanceBy('3d')
    expect(slots).toEqual(['2026-03-07T07:30:00.000Z', '2026-03-08T07:00:00.000Z', '2026-03-09T06:30:00.000Z'])
  })

  it('runs none again after the clock went back', async () => {
    const slots: string[] = []
    const only = stage.scheduler()
    only.add(noting(slots))
    only.start()
    await stage.clock.advanceBy('3m')
    stage.clock.set(new Date('2025-12-31T23:50:00Z'))
    await stage.clock.advanceBy('15m')
    expect(slots).toEqual(['00:01', '00:02', '00:03', '00:04', '00:05'])
  })

  it('runs a job later by its jitter, under its nominal slot', async () => {
    const begun: number[] = []
    const only = stage.scheduler()
    only.add({
      id: 'job',
      when: every('1h', { jitter: '10m' }),
      run: ({ slot }) => void begun.push(stage.clock.now() - slot.getTime()),
    })
    only.start()
    await stage.clock.advanceBy('4h')
    expect(new Set(begun).size).toBe(1)
    expect(begun[0]).toBeGreaterThan(0)
    expect(begun[0]).toBeLessThan(600_000)
    const [next] = only.explain('job', 1)
    expect(next!.runsAt.getTime() - next!.slot.getTime()).toBe(begun[0])
  })

  it('runs a single date once, also when it is added too late, and not again after a restart', async () => {
    const runs: string[] = []
    const job: JobOptions = {
      id: 'once',
      when: at(new Date('2026-01-01T00:00:10Z')),
      run: ({ slot }) => void runs.push(slot.toISOString()),
    }
    for (let start = 0; start < 2; start++) {
      const replica = stage.scheduler()
      replica.add(job)
      replica.start()
      await stage.clock.advanceBy('2m')
      await stage.settled(replica.close())
    }
    expect(runs).toEqual(['2026-01-01T00:00:10.000Z'])
  })
})

describe('misfire', () => {
  async function afterDowntime(job: Partial<JobOptions>): Promise<string[]> {
    const slots: string[] = []
    const first = stage.scheduler()
    first.add(noting([], job))
    await stage.settled(first.tick())
    await stage.clock.advanceBy('10m')
    const second = stage.scheduler()
    second.add(noting(slots, { grace: '10s', ...job }))
    second.start()
    await stage.clock.advanceBy(200)
    return slots
  }

  it.each([
    ['skip', {}, []],
    ['run-once', {}, ['00:10']],
    [
      'run-all',
      { overlap: 'allow' },
      ['00:01', '00:02', '00:03', '00:04', '00:05', '00:06', '00:07', '00:08', '00:09', '00:10'],
    ],
    ['run-all', { overlap: 'queue', misfireLimit: 3 }, ['00:08', '00:09', '00:10']],
  ] as const)('%s with %j runs %j', async (misfire, job, expected) => {
    expect(await afterDowntime({ misfire, ...job })).toEqual(expected)
  })

  it('tells what was missed', async () => {
    await afterDowntime({ misfire: 'run-once' })
    expect(stage.events.find(({ type }) => type === 'missed')).toEqual({
      type: 'missed',
      job: 'job',
      from: new Date('2026-01-01T00:01:00Z'),
      to: new Date('2026-01-01T00:10:00Z'),
    })
  })
})

describe('overlap', () => {
  /** Each run takes two and a half minutes; slots come every minute. */
  async function slowly(overlap: 'skip' | 'queue' | 'allow') {
    const begun: string[] = []
    let atOnce = 0
    let most = 0
    const run = async ({ slot }: RunContext): Promise<void> => {
      begun.push(minuteOf(slot))
      most = Math.max(most, ++atOnce)
      await new Promise<void>((resolve) => void stage.clock.setTimer(resolve, 150_000))
      atOnce--
    }
    for (let index = 0; index < 2; index++) {
      const replica = stage.scheduler({ poll: '1s' })
      replica.add({ id: 'job', when: every('1m'), overlap, run, misfire: 'run-all' })
      replica.start()
    }
    await stage.clock.advanceBy('6m')
    return { begun, most }
  }

  it('skip drops the slots meanwhile, on every replica', async () => {
    expect(await slowly('skip')).toEqual({ begun: ['00:01', '00:04'], most: 1 })
    expect(stage.events.filter(({ type }) => type === 'skipped')).toHaveLength(4)
  })

  it('queue runs them one after another', async () => {
    expect(await slowly('queue')).toEqual({ begun: ['00:01', '00:02', '00:03'], most: 1 })
  })

  it('allow runs them side by side', async () => {
    const { begun, most } = await slowly('allow')
    expect(begun).toEqual(['00:01', '00:02', '00:03', '00:04', '00:05', '00:06'])
    expect(most).toBe(3)
  })
})

describe('leases', () => {
  it('are renewed for as long as a run takes', async () => {
    const signals: AbortSignal[] = []
    for (let index = 0; index < 2; index++) {
      const replica = stage.scheduler({ lease: '10s' })
      replica.add({
        id: 'job',
        when: at(new Date('2026-01-01T00:01:00Z')),
        run: async ({ signal }) => {
          signals.push(signal)
          await new Promise<void>((resolve) => void stage.clock.setTimer(resolve, 120_000))
        },
      })
      replica.start()
    }
    await stage.clock.advanceBy('5m')
    expect(signals.map(({ aborted }) => aborted)).toEqual([false])
    expect(stage.events.at(-1)).toMatchObject({ type: 'ended', outcome: 'done' })
  })

  it('abort the signal when they are lost, and the run cannot be completed any more', async () => {
    let refused: unknown
    let reason: unknown
    const only = stage.scheduler({ lease: '4s' })
    only.add({
      id: 'job',
      when: at(new Date('2026-01-01T00:01:00Z')),
      run: async ({ signal, complete }) => {
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
        reason = signal.reason
        refused = await stage.database.transaction((tx) => complete(tx)).catch((error: unknown) => error)
        throw reason
      },
    })
    only.start()
    await stage.clock.advanceBy('31s')
    await stage.database.query(`update exprsn_schedule_runs set token = token + 1, owner = 'other', lease_until = 9e15`)
    await stage.clock.advanceBy('5s')
    expect(reason).toMatchObject({ code: 'CORE_SCHEDULE_LEASE_LOST' })
    expect(refused).toMatchObject({ code: 'CORE_SCHEDULE_LEASE_LOST' })
    expect(stage.events.at(-1)).toMatchObject({ type: 'ended', outcome: 'lost' })
  })

  it('of a dead replica are taken over with a greater token, and given up after the attempts', async () => {
    await stage.database.query(`insert into exprsn_schedule_jobs values ('job', $1, $2, 7, 0, 0)`, [
      every('1h').text,
      stage.clock.now(),
    ])
    await stage.database.query(
      `insert into exprsn_schedule_runs values ('job', 'slot', 0, 7, 1, 'running', 'dead', 0, $1, null, null)`,
      [stage.clock.now() + 5_000],
    )
    const seen: [number, number][] = []
    const only = stage.scheduler({ lease: '10s' })
    only.add({
      id: 'job',
      when: every('1h'),
      attempts: 2,
      run: ({ attempt, fencingToken }) => {
        seen.push([attempt, fencingToken])
        return new Promise<void>(() => {})
      },
    })
    only.start()
    await stage.clock.advanceBy('4s')
    expect(seen).toEqual([])
    await stage.clock.advanceBy('2s')
    expect(seen).toEqual([[2, 8]])
    await stage.settled(only.close({ deadline: 0 }))
    const other = stage.scheduler({ lease: '10s' })
    other.add({ id: 'job', when: every('1h'), attempts: 2, run: () => {} })
    other.start()
    await stage.clock.advanceBy('30s')
    expect(stage.typesOfEvents()).toContain('given-up')
    expect(await other.runs('job')).toMatchObject([{ state: 'lost', attempt: 2 }])
  })
})

describe('complete', () => {
  it('ends the run inside the host’s transaction, whatever follows', async () => {
    await stage.database.query('create table effects (slot bigint)')
    const only = stage.scheduler()
    only.add({
      id: 'job',
      when: every('1m'),
      run: async ({ slot, complete }) => {
        await stage.database.transaction(async (tx) => {
          await tx.query('insert into effects values ($1)', [slot])
          await complete(tx)
        })
        throw new Error('after the fact')
      },
    })
    only.start()
    await stage.clock.advanceBy('1m')
    expect((await stage.database.query('select * from effects')).rows).toHaveLength(1)
    expect(await only.runs('job')).toMatchObject([{ state: 'done' }])
  })

  it('leaves the run failed when the transaction does not commit', async () => {
    const only = stage.scheduler()
    only.add({
      id: 'job',
      when: every('1m'),
      run: ({ complete }) =>
        stage.database.transaction(async (tx) => {
          await complete(tx)
          throw new Error('no')
        }),
    })
    only.start()
    await stage.clock.advanceBy('1m')
    expect(await only.runs('job')).toMatchObject([{ state: 'failed', reason: 'Error: no' }])
    expect(stage.events.at(-1)).toMatchObject({ type: 'ended', outcome: 'failed' })
  })
})

describe('deployments', () => {
  it('with another schedule take a job over; replicas with the old one leave it alone', async () => {
    const old: string[] = []
    const young: string[] = []
    const before = stage.scheduler({ poll: '1s' })
    before.add(noting(old))
    before.start()
    await stage.clock.advanceBy('2m')
    const after = stage.scheduler({ poll: '1s' })
    after.add(noting(young, { when: every('2m', { anchor: new Date('2026-01-01T00:01:00Z') }) }))
    after.start()
    await stage.clock.advanceBy('5m')
    expect(old).toEqual(['00:01', '00:02'])
    expect(young).toEqual(['00:03', '00:05', '00:07'])
    expect(stage.typesOfEvents().filter((type) => type === 'stood-down')).toHaveLength(1)
    await expect(before.runNow('job')).rejects.toMatchObject({ code: 'CORE_SCHEDULE_JOB_REPLACED' })
  })

  it('never give a changed schedule slots from before the change', async () => {
    const slots: string[] = []
    const before = stage.scheduler()
    before.add(noting([], { when: cron('0 5 * * *') }))
    await stage.settled(before.tick())
    await stage.clock.advanceBy('10m')
    const after = stage.scheduler()
    after.add(noting(slots, { misfire: 'run-all' }))
    after.start()
    await stage.clock.advanceBy('2m')
    expect(slots).toEqual(['00:11', '00:12'])
  })
})
