import type { DisputeCase } from '../case/dispute-case.ts'
import { awaitsEvidence, isDecided } from '../case/case-status.ts'

/** Something that people should be told about a case at a time. */
export interface DisputeAlarm {
  /** Names it for ever: it is raised once. */
  readonly name: string
  /** Milliseconds since 1970; what is 0 is due at once. */
  readonly at: number
  readonly severity: 'info' | 'warning' | 'critical'
  /** `resolved` ends what was raised before. */
  readonly status: 'firing' | 'resolved'
  /** One line. */
  readonly title: string
}

const day = 86_400_000

/**
 * Every alarm of a case in its present status, in the order of their times: that it is there, that its deadline comes near
 * (`leads`, in milliseconds before it), that the deadline has passed, that it is answered, how it ended.
 */
export function alarmsOf(the: DisputeCase, leads: readonly number[]): readonly DisputeAlarm[] {
  const { id, stage, status, dueBy, reason } = the
  const alarm = (
    name: string,
    at: number,
    severity: DisputeAlarm['severity'],
    title: string,
    end: DisputeAlarm['status'] = 'firing',
  ): DisputeAlarm => ({ name, at, severity, title, status: end })
  if (isDecided(status))
    return [
      alarm(`${stage}/${status}`, 0, status === 'lost' ? 'warning' : 'info', `Dispute ${id} is ${status}`, 'resolved'),
    ]
  if (status === 'submitted' || status === 'under_review')
    return [alarm(`${stage}/answered`, 0, 'info', `Dispute ${id} is ${status.replace('_', ' ')}`, 'resolved')]
  if (!awaitsEvidence(status) && status !== 'expired') return []
  const round = `${stage}/${dueBy?.toISOString() ?? 'open'}`
  const opened = alarm(`${round}/opened`, 0, 'warning', `Dispute ${id} wants evidence (${reason})`)
  if (dueBy === undefined) return [opened]
  const due = dueBy.getTime()
  const coming = leads
    .toSorted((a, b) => b - a)
    .map((lead) => {
      const left = lead >= day ? `${Math.round(lead / day)} days` : `${Math.round(lead / 3_600_000)} hours`
      return alarm(
        `${round}/${lead}`,
        due - lead,
        lead <= day ? 'critical' : 'warning',
        `Dispute ${id} wants evidence within ${left}`,
      )
    })
  return [opened, ...coming, alarm(`${round}/expired`, due, 'critical', `Dispute ${id} was not answered in time`)]
}

/** What is to be told now: of several that became due the last says it all. */
export function dueAlarms(
  alarms: readonly DisputeAlarm[],
  told: readonly string[],
  now: number,
): { readonly alarm: DisputeAlarm | undefined; readonly names: readonly string[] } {
  const due = alarms.filter(({ name, at }) => at <= now && !told.includes(name))
  return { alarm: due.at(-1), names: due.map(({ name }) => name) }
}

/** When there will be something to tell, in milliseconds since 1970; undefined when only a report can change that. */
export function nextAlarmAt(alarms: readonly DisputeAlarm[], told: readonly string[]): number | undefined {
  const open = alarms.filter(({ name }) => !told.includes(name)).map(({ at }) => at)
  return open.length === 0 ? undefined : Math.min(...open)
}
