import { describe, expect, it } from 'vitest'
import type { Database } from '../database/database.ts'
import { every } from './every.ts'
import type { JobOptions } from './job.ts'
import { minuteOf, noting, useStage, type SchedulerStage } from '../../test/scheduler-stage.ts'

let stage: SchedulerStage
useStage((made) => {
  stage = made
})

describe('control', () => {
  it('pauses on every replica and resumes', async () => {
    const slots: string[] = []
    const one = stage.scheduler({ poll: '1s' })
    const other = stage.scheduler({ poll: '1s' })
    for (const each of [one, other]) each.add(noting(slots, { misfire: 'skip', grace: '1s' }))
    other.start()
    await stage.clock.advanceBy('1m')
    await stage.settled(one.pause('job'))
    await stage.clock.advanceBy('3m')
    await stage.settled(other.resume('job'))
    await stage.clock.advanceBy('1m')
    expect(slots).toEqual(['00:01', '00:05'])
  })

  it('runs a job now, beside its slots, also twice in a millisecond', async () => {
    const only = stage.scheduler()
    const manual: boolean[] = []
    only.add({ id: 'job', when: every('1h'), overlap: 'allow', run: ({ isManual }) => void manual.push(isManual) })
    expect(await Promise.all([only.runNow('job'), only.runNow('job')])).toEqual([{ state: 'done' }, { state: 'done' }])
    expect(manual).toEqual([true, true])
    expect(await only.runs('job')).toMatchObject([
      { kind: 'manual', token: 2 },
      { kind: 'manual', token: 1 },
    ])
  })

  it('answers busy while a run is in progress, and hands over what a job throws', async () => {
    const only = stage.scheduler()
    let end = (): void => {}
    only.add({ id: 'slow', when: every('1h'), run: () => new Promise<void>((resolve) => (end = resolve)) })
    const error = new Error('broken')
    only.add({ id: 'broken', when: every('1h'), run: () => Promise.reject(error) })
    const first = only.runNow('slow')
    await stage.clock.advanceBy(10)
    expect(await only.runNow('slow')).toEqual({ state: 'busy' })
    end()
    expect(await first).toEqual({ state: 'done' })
    expect(await only.runNow('broken')).toEqual({ state: 'failed', error })
  })

  it('ticks: runs what is due, waits for it, says what comes next', async () => {
    const slots: string[] = []
    const only = stage.scheduler()
    only.add(noting(slots, { misfire: 'run-all', overlap: 'queue' }))
    expect(await only.tick()).toEqual({ started: 0, next: new Date('2026-01-01T00:01:00Z') })
    await stage.clock.advanceBy('3m')
    expect(await only.tick()).toEqual({ started: 3, next: new Date('2026-01-01T00:04:00Z') })
    expect(slots).toEqual(['00:01', '00:02', '00:03'])
    await stage.clock.advanceBy('1m')
    expect(await only.tick({ signal: AbortSignal.abort() })).toMatchObject({ started: 0 })
    expect(slots).toHaveLength(3)
  })

  it('gives back at the deadline what has not ended, and another takes it over at once', async () => {
    const attempts: number[] = []
    const job: JobOptions = {
      id: 'job',
      when: every('1m'),
      run: ({ attempt, signal }) => {
        attempts.push(attempt)
        if (attempt > 1) return
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
      },
    }
    const first = stage.scheduler()
    first.add(job)
    await stage.settled(first.tick())
    await stage.clock.advanceBy('1m')
    await stage.settled(first.tick({ deadline: '5s' }))
    expect(stage.events.at(-1)).toMatchObject({ type: 'ended', outcome: 'released' })
    const second = stage.scheduler()
    second.add(job)
    await stage.settled(second.tick())
    expect(attempts).toEqual([1, 2])
  })

  it('keeps the history short', async () => {
    const only = stage.scheduler({ history: 3 })
    only.add(noting([]))
    only.start()
    await stage.clock.advanceBy('10m')
    expect((await only.runs('job')).map(({ slot }) => minuteOf(new Date(slot)))).toEqual(['00:10', '00:09', '00:08'])
  })

  it('removes a job and its history', async () => {
    const slots: string[] = []
    const only = stage.scheduler()
    only.add(noting(slots))
    only.start()
    await stage.clock.advanceBy('1m')
    await only.remove('job')
    await stage.clock.advanceBy('2m')
    expect(slots).toEqual(['00:01'])
    expect(await only.runs('job')).toEqual([])
  })

  it('goes on after faults of the database and of onEvent', async () => {
    const slots: string[] = []
    let broken = false
    const flaky: Database = {
      ...stage.database,
      query: (text, values) => (broken ? Promise.reject(new Error('down')) : stage.database.query(text, values)),
    }
    const only = stage.scheduler({
      database: flaky,
      poll: '1s',
      onEvent: (event) => {
        stage.events.push(event)
        throw new Error('not my day')
      },
    })
    only.add(noting(slots))
    only.start()
    await stage.clock.advanceBy(100)
    broken = true
    await stage.clock.advanceBy('1m')
    broken = false
    await stage.clock.advanceBy('1m')
    expect(stage.typesOfEvents()).toContain('fault')
    expect(slots).toEqual(['00:01', '00:02'])
  })
})

describe('close', () => {
  it('leaves no timer, and refuses what comes later', async () => {
    const only = stage.scheduler()
    only.add(noting([]))
    only.start()
    await stage.clock.advanceBy('1m')
    await stage.settled(only.close())
    expect(stage.clock.pending).toBe(0)
    for (const call of [() => only.start(), () => only.add(noting([], { id: 'other' }))])
      expect(call).toThrow(expect.objectContaining({ code: 'CORE_SCHEDULE_CLOSED' }))
    await expect(only.tick()).rejects.toMatchObject({ code: 'CORE_SCHEDULE_CLOSED' })
    await expect(only.runNow('job')).rejects.toMatchObject({ code: 'CORE_SCHEDULE_CLOSED' })
  })

  it('does not wait for a job that ignores its signal', async () => {
    const only = stage.scheduler()
    only.add({ id: 'job', when: every('1m'), run: () => new Promise<void>(() => {}) })
    only.start()
    await stage.clock.advanceBy('1m')
    await stage.settled(only.close({ deadline: '1s' }))
    await stage.clock.advanceBy('1h')
    expect(stage.clock.pending).toBe(0)
  })
})

describe('options', () => {
  it.each([
    [{ id: '' }, 'id'],
    [{ id: 'x'.repeat(201) }, 'id'],
    [{ when: '* * * * *' }, 'when'],
    [{ run: 5 }, 'run'],
    [{ overlap: 'maybe' }, 'overlap'],
    [{ misfire: 'later' }, 'misfire'],
    [{ misfireLimit: 0 }, 'misfireLimit'],
    [{ attempts: 1.5 }, 'attempts'],
  ])('refuses %j', (options, option) => {
    expect(() => stage.scheduler().add(noting([], options as Partial<JobOptions>))).toThrow(
      expect.objectContaining({ code: 'CORE_SCHEDULE_OPTIONS', details: expect.objectContaining({ option }) }),
    )
  })

  it('refuses an id twice, and one that is unknown', async () => {
    const only = stage.scheduler()
    only.add(noting([]))
    expect(() => only.add(noting([]))).toThrow(expect.objectContaining({ code: 'CORE_SCHEDULE_JOB_TAKEN' }))
    await expect(only.runNow('other')).rejects.toMatchObject({ code: 'CORE_SCHEDULE_JOB_UNKNOWN' })
    await expect(only.pause('other')).rejects.toMatchObject({ code: 'CORE_SCHEDULE_JOB_UNKNOWN' })
    expect(() => only.explain('other')).toThrow(expect.objectContaining({ code: 'CORE_SCHEDULE_JOB_UNKNOWN' }))
  })

  it.each([[{ history: 0 }], [{ lease: 0 }], [{ poll: 0.5 }]])('refuses %j of a scheduler', (options) => {
    expect(() => stage.scheduler(options)).toThrow(expect.objectContaining({ code: 'CORE_SCHEDULE_OPTIONS' }))
  })
})
