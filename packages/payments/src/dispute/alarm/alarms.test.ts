import { describe, expect, it } from 'vitest'
import type { CaseStatus } from '../case/case-status.ts'
import type { DisputeCase } from '../case/dispute-case.ts'
import { alarmsOf, dueAlarms, nextAlarmAt } from './alarms.ts'

const day = 86_400_000
const due = 100 * day
const leads = [day, 7 * day, 3 * day]
const eur = (amount: bigint) => ({ amount, currency: 'EUR' })

function caseIn(status: CaseStatus, dueBy: Date | undefined = new Date(due)): DisputeCase {
  return {
    ...{ id: 's:d', gateway: 's', reference: 'd', payment: 'p', stage: 'chargeback', status, dueBy },
    ...{ amount: eur(100n), fee: eur(0n), withdrawn: eur(0n), reinstated: eur(0n) },
    ...{ reason: 'fraudulent', network: undefined, networkReason: undefined, family: 'fraud' },
    ...{ openedAt: new Date(0), actions: [], submissions: [], answered: false, evidence: {} },
    ...{ underway: undefined, updatedAt: new Date(0) },
  }
}

describe('alarms', () => {
  it('come in the order of their times, the nearer the deadline the more they matter', () => {
    const alarms = alarmsOf(caseIn('evidence_due'), leads)
    expect(alarms.map(({ at }) => at)).toEqual([0, due - 7 * day, due - 3 * day, due - day, due])
    expect(alarms.map(({ severity }) => severity)).toEqual(['warning', 'warning', 'warning', 'critical', 'critical'])
  })

  it('of several that became due the last is told, and none of them again', () => {
    const alarms = alarmsOf(caseIn('evidence_due'), leads)
    const first = dueAlarms(alarms, [], due - 2 * day)
    expect(first.alarm?.title).toContain('within 3 days')
    expect(first.names).toHaveLength(3)
    expect(dueAlarms(alarms, first.names, due - 2 * day)).toEqual({ alarm: undefined, names: [] })
    expect(nextAlarmAt(alarms, first.names)).toBe(due - day)
    expect(dueAlarms(alarms, first.names, due).alarm?.title).toContain('not answered in time')
  })

  it('begin anew with another deadline or stage', () => {
    const told = alarmsOf(caseIn('evidence_due'), leads).map(({ name }) => name)
    expect(nextAlarmAt(alarmsOf(caseIn('evidence_due'), leads), told)).toBeUndefined()
    expect(nextAlarmAt(alarmsOf(caseIn('evidence_due', new Date(due + day)), leads), told)).toBe(0)
    expect(nextAlarmAt(alarmsOf({ ...caseIn('evidence_due'), stage: 'arbitration' }, leads), told)).toBe(0)
  })

  it.each<[CaseStatus, string, string]>([
    ['submitted', 'resolved', 'info'],
    ['under_review', 'resolved', 'info'],
    ['won', 'resolved', 'info'],
    ['accepted', 'resolved', 'info'],
    ['lost', 'resolved', 'warning'],
  ])('%s: one, which ends the others', (status, end, severity) => {
    expect(alarmsOf(caseIn(status), leads)).toMatchObject([{ at: 0, status: end, severity }])
  })

  it('without a deadline there is one alone', () => {
    const open = { ...caseIn('opened'), dueBy: undefined }
    expect(alarmsOf(open, leads)).toMatchObject([{ at: 0, status: 'firing' }])
  })
})
