import { describe, expect, it } from 'vitest'
import { decide } from './decide.ts'
import { every } from './every.ts'
import { defineJob, type JobOptions } from './job.ts'
import type { JobRecord, RunningRecord } from './store/records.ts'

const minute = 60_000
const job = (options: Partial<JobOptions> = {}) =>
  defineJob({ id: 'job', when: every('1m'), run: () => {}, grace: '10s', ...options })
const record = (changes: Partial<JobRecord> = {}): JobRecord => ({
  id: 'job',
  schedule: every('1m').text,
  slot: 0,
  token: 3,
  isPaused: false,
  ...changes,
})
const running = (changes: Partial<RunningRecord> = {}): RunningRecord => ({
  job: 'job',
  kind: 'slot',
  slot: 0,
  token: 3,
  attempt: 1,
  leaseUntil: 1e9,
  ...changes,
})

describe('decide', () => {
  it('waits for the next slot, or a lease that ends before', () => {
    expect(decide(job(), record(), [], 5)).toEqual({ action: 'wait', until: minute })
    expect(decide(job(), record(), [running({ leaseUntil: 99 })], 5)).toEqual({ action: 'wait', until: 99 })
  })

  it('runs a slot from its instant on, not before', () => {
    expect(decide(job(), record(), [], minute - 1)).toMatchObject({ action: 'wait' })
    expect(decide(job(), record(), [], minute)).toEqual({ action: 'run', slot: minute, missedFrom: undefined })
  })

  it.each([
    ['skip', { action: 'wait', until: 11 * minute }],
    ['run-once', { action: 'run', slot: 10 * minute, missedFrom: minute }],
    ['run-all', { action: 'run', slot: minute, missedFrom: undefined }],
  ] as const)('misfire %s after ten minutes of downtime', (misfire, expected) => {
    expect(decide(job({ misfire }), record(), [], 10 * minute + 30_000)).toEqual(expected)
  })

  it('counts a slot within the grace as on time, and lets it stand for the missed ones', () => {
    for (const misfire of ['skip', 'run-once'] as const)
      expect(decide(job({ misfire }), record(), [], 10 * minute + 10_000)).toEqual({
        action: 'run',
        slot: 10 * minute,
        missedFrom: minute,
      })
  })

  it('makes up for the last slots only, with a limit', () => {
    expect(decide(job({ misfire: 'run-all', misfireLimit: 4 }), record(), [], 10 * minute + 30_000)).toEqual({
      action: 'run',
      slot: 7 * minute,
      missedFrom: minute,
    })
  })

  it.each([
    ['skip', { action: 'skip', slot: minute, missedFrom: undefined }],
    ['allow', { action: 'run', slot: minute, missedFrom: undefined }],
    ['queue', { action: 'wait', until: 2 * minute }],
  ] as const)('overlap %s while a run is in progress', (overlap, expected) => {
    expect(decide(job({ overlap }), record(), [running()], minute)).toEqual(expected)
  })

  it('sees to runs whose lease has ended before anything else', () => {
    const ended = running({ leaseUntil: minute, attempt: 2 })
    expect(decide(job(), record(), [running(), ended], minute - 1)).toMatchObject({ action: 'wait' })
    expect(decide(job(), record(), [running(), ended], minute)).toEqual({ action: 'take-over', run: ended })
    expect(decide(job({ attempts: 2 }), record(), [ended], minute)).toEqual({ action: 'give-up', run: ended })
  })

  it('does nothing about a paused job, nor about one that was replaced', () => {
    const ended = running({ leaseUntil: 0 })
    expect(decide(job(), record({ isPaused: true }), [ended], 9 * minute)).toEqual({ action: 'wait', until: undefined })
    expect(decide(job(), record({ schedule: 'other', isPaused: true }), [ended], 9 * minute)).toEqual({
      action: 'stand-down',
    })
  })

  it('settles no slot that is not later than the last one', () => {
    expect(decide(job(), record({ slot: 20 * minute }), [], 5 * minute)).toEqual({ action: 'wait', until: 21 * minute })
  })
})
