import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Snapshot } from '../repository/index.ts'
import { planRetention } from './plan-retention.ts'
import type { RetentionPolicy } from './policy.ts'

const day = 86_400_000
const now = new Date('2026-11-20T12:00:00Z')

function at(time: string | number, tags: readonly string[] = []): Snapshot {
  const date = new Date(time)
  const id = createHash('sha256').update(`${date.toISOString()} ${tags.join()}`).digest('hex')
  return {
    id,
    time: date,
    tags,
    tree: id,
    paths: [],
    hostname: '',
    username: '',
    excludes: [],
    omitted: [],
    problems: [],
    problemCount: 0,
  }
}

const kept = (snapshots: readonly Snapshot[], policy: RetentionPolicy, at_ = now): string[] =>
  planRetention(snapshots, policy, { now: at_ }).keep.map(({ snapshot }) => snapshot.time.toISOString().slice(0, 13))

describe('planRetention', () => {
  const hours = Array.from({ length: 24 * 40 }, (_, hour) => at(now.getTime() - hour * 3_600_000))

  it('keeps the newest of each day, week, month and year', () => {
    expect(kept(hours, { daily: 3 })).toEqual(['2026-11-20T12', '2026-11-19T23', '2026-11-18T23'])
    expect(kept(hours, { weekly: 3 })).toEqual(['2026-11-20T12', '2026-11-15T23', '2026-11-08T23'])
    expect(kept(hours, { monthly: 2 })).toEqual(['2026-11-20T12', '2026-10-31T23'])
    expect(kept(hours, { yearly: 5 })).toEqual(['2026-11-20T12'])
    expect(kept(hours, { hourly: 2 })).toEqual(['2026-11-20T12', '2026-11-20T11'])
    expect(kept(hours, { last: 2 })).toEqual(['2026-11-20T12', '2026-11-20T11'])
  })

  it('counts spans that have a snapshot, not those that lie between', () => {
    const sparse = [at('2026-11-20T01:00:00Z'), at('2026-10-02T01:00:00Z'), at('2025-01-01T01:00:00Z')]
    expect(kept(sparse, { daily: 2 })).toEqual(['2026-11-20T01', '2026-10-02T01'])
  })

  it('cuts days where the time zone does', () => {
    const three = [at('2026-11-20T04:59:00Z'), at('2026-11-20T05:01:00Z'), at('2026-11-20T06:00:00Z')]
    expect(kept(three, { daily: 9, zone: 'America/New_York' })).toEqual(['2026-11-20T06', '2026-11-20T04'])
    expect(kept(three, { daily: 9 })).toEqual(['2026-11-20T06'])
  })

  it('takes the hour that is repeated in autumn for two', () => {
    const both = [at('2026-11-01T05:30:00Z'), at('2026-11-01T06:30:00Z')]
    expect(kept(both, { hourly: 9, zone: 'America/New_York' })).toHaveLength(2)
  })

  it('keeps what is within a span of the newest', () => {
    expect(kept(hours, { within: '2h' })).toEqual(['2026-11-20T12', '2026-11-20T11', '2026-11-20T10'])
  })

  it('keeps the snapshot before a window of recovery, for its first moment', () => {
    const weekly = [0, 7, 14, 21].map((days) => at(now.getTime() - days * day))
    expect(kept(weekly, { pointInTime: '10d' })).toHaveLength(3)
    expect(kept(weekly, { pointInTime: '10d' }, new Date(now.getTime() + 30 * day))).toHaveLength(1)
  })

  it('keeps what has a protected tag, and what a kept one needs, through any number of steps', () => {
    const [base, middle, tip, old] = [at('2026-01-01'), at('2026-01-02'), at('2026-01-03'), at('2025-01-01', ['legal'])]
    const needs = new Map([
      [tip.id, [middle.id]],
      [middle.id, [base.id]],
    ])
    const plan = planRetention(
      [base, middle, tip, old, at('2024-01-01')],
      { last: 1, tags: ['legal'] },
      {
        now,
        needs: ({ id }) => needs.get(id) ?? [],
      },
    )
    expect(plan.keep.map(({ snapshot }) => snapshot.time.getUTCFullYear())).toEqual([2026, 2026, 2026, 2025])
    expect(plan.keep.map(({ reasons }) => reasons.join(' | '))).toEqual([
      'the newest | last 1 of 1',
      `needed by ${tip.id.slice(0, 8)}`,
      `needed by ${middle.id.slice(0, 8)}`,
      'tag legal',
    ])
    expect(plan.remove).toHaveLength(1)
  })

  it.each([
    [{}, 'no rule keeps anything'],
    [{ daily: 0 }, 'no rule keeps anything'],
    [{ tags: ['a'] }, 'no rule keeps anything'],
    [{ daily: -1 }, 'daily'],
    [{ weekly: 1.5 }, 'weekly'],
    [{ daily: 1, zone: 'Mars/Olympus' }, 'Mars/Olympus'],
  ] as const)('refuses %j', (policy, reason) => {
    expect(() => planRetention([], policy, { now })).toThrow(
      expect.objectContaining({ code: 'BACKUP_RETENTION_INVALID', message: expect.stringContaining(reason) as string }),
    )
  })

  const time = fc.integer({ min: now.getTime() - 400 * day, max: now.getTime() })
  const history = fc.uniqueArray(time, { maxLength: 60 }).map((times) => times.map((each) => at(each)))
  const policy = fc.record({
    last: fc.nat(5),
    daily: fc.nat(10),
    weekly: fc.nat(6),
    monthly: fc.nat(6),
    pointInTime: fc.integer({ min: 0, max: 30 }).map((days) => `${days}d` as const),
  })

  it('never shortens a promised window of recovery', () => {
    fc.assert(
      fc.property(history, policy, fc.integer({ min: 0, max: 100 }), (snapshots, rules, part) => {
        const { keep } = planRetention(snapshots, rules, { now })
        const from = now.getTime() - Number.parseInt(rules.pointInTime) * day
        const moment = from + ((now.getTime() - from) * part) / 100
        const best = (all: readonly Snapshot[]): number =>
          Math.max(-Infinity, ...all.map((each) => each.time.getTime()).filter((each) => each <= moment))
        expect(best(keep.map(({ snapshot }) => snapshot))).toBe(best(snapshots))
      }),
      { numRuns: 200 },
    )
  })

  it('keeps or removes each snapshot exactly once, never the newest, and does nothing the second time', () => {
    fc.assert(
      fc.property(history, policy, (snapshots, rules) => {
        const plan = planRetention(snapshots, rules, { now })
        const all = [...plan.keep.map(({ snapshot }) => snapshot.id), ...plan.remove.map(({ id }) => id)]
        expect(all.sort()).toEqual(snapshots.map(({ id }) => id).sort())
        if (snapshots.length > 0) expect(plan.keep.length).toBeGreaterThan(0)
        const again = planRetention(
          plan.keep.map(({ snapshot }) => snapshot),
          rules,
          { now },
        )
        expect(again.remove).toEqual([])
      }),
      { numRuns: 200 },
    )
  })

  it('takes no notice of snapshots that are added later to an older day than it keeps', () => {
    const plan = planRetention([...hours, at('2020-01-01')], { daily: 3 }, { now })
    expect(plan.remove.at(-1)!.time.getUTCFullYear()).toBe(2020)
  })
})
