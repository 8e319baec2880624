import { cron } from '@exprsn/core/schedule'
import { describe, expect, it } from 'vitest'
import type { Snapshot } from '../repository/index.ts'
import { findAlerts, type BackupFacts, type SourceFacts } from './alerts.ts'

const hour = 3_600_000
const mebibyte = 2 ** 20
const now = Date.parse('2026-11-20T12:00:00Z')
const limits = { now, since: now - 30 * 24 * hour, missedAfter: hour, lagAfter: 24 * hour }
const schedule = cron('0 2 * * *', { zone: 'UTC' })

const snapshot = (time: number, added = 0): Snapshot => ({
  id: String(time),
  time: new Date(time),
  tree: '',
  paths: [],
  hostname: '',
  username: '',
  tags: [],
  excludes: [],
  omitted: [],
  problems: [],
  problemCount: 0,
  summary: { files: 1, folders: 0, bytes: 1, filesRead: 1, added, stored: added, seconds: 1 },
})
const source = (facts: Partial<SourceFacts>): BackupFacts => ({
  sources: [{ name: 'db', snapshots: [], schedule: undefined, failure: undefined, ...facts }],
  replicas: [],
  checkProblems: 0,
})
const keys = (facts: BackupFacts, more = {}): string[] =>
  findAlerts(facts, { ...limits, ...more }).map(({ key }) => key)

describe('findAlerts', () => {
  it('finds a missed schedule by the snapshot that is not there', () => {
    expect(keys(source({ schedule, snapshots: [snapshot(now - 10 * hour)] }))).toEqual([])
    expect(keys(source({ schedule, snapshots: [snapshot(now - 11 * hour)] }))).toEqual(['missed:db'])
    expect(keys(source({ schedule, snapshots: [snapshot(now - 11 * hour)] }), { missedAfter: 11 * hour })).toEqual([])
    expect(keys(source({ snapshots: [snapshot(0)] }))).toEqual([])
  })

  it('expects the first snapshot after the start', () => {
    expect(keys(source({ schedule }))).toEqual(['missed:db'])
    expect(keys(source({ schedule }), { since: now - hour })).toEqual([])
  })

  it('finds content that grows far beyond the usual', () => {
    const days = (last: number, usual = 10) =>
      [1_000, usual, usual, usual, usual, usual, last].map((added, day) =>
        snapshot(now - (7 - day) * hour, added * mebibyte),
      )
    expect(keys(source({ snapshots: days(101) }))).toEqual(['growth:db'])
    expect(keys(source({ snapshots: days(99) }))).toEqual([])
    expect(keys(source({ snapshots: days(50, 1) }))).toEqual([])
    expect(keys(source({ snapshots: days(500).slice(3) }))).toEqual([])
  })

  it('finds failures, problems and lag', () => {
    const facts: BackupFacts = {
      ...source({ failure: 'no network' }),
      replicas: [
        { name: 'near', snapshots: 1, age: hour },
        { name: 'far', snapshots: 3, age: 25 * hour },
      ],
      checkProblems: 2,
    }
    expect(findAlerts(facts, limits).map(({ key, text }) => `${key}: ${text}`)).toEqual([
      'failed:db: The last backup of db failed: no network',
      'lag:far: far lacks 3 snapshot(s), the oldest 25.0 h old.',
      'check: The last check found 2 problem(s).',
    ])
  })
})
