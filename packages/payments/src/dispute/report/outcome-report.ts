import type { Money } from '../../money/money.ts'
import { groupBy } from '../../reconcile/match/group-by.ts'
import { isDecided } from '../case/case-status.ts'
import type { DisputeCase } from '../case/dispute-case.ts'

/** How the disputes of one group ended. */
export interface OutcomeGroup {
  /** `all`, or the gateway, network or family. */
  readonly name: string
  readonly cases: number
  readonly open: number
  readonly won: number
  readonly lost: number
  readonly accepted: number
  readonly expired: number
  /** Won of those that were answered and decided, 0 to 1; undefined when there were none. */
  readonly winRate: number | undefined
}

/** What disputes cost in one currency. */
export interface OutcomeAmounts {
  readonly currency: string
  /** Of all cases. */
  readonly disputed: Money
  /** Of cases that are not decided: what may still be lost or comes back. */
  readonly atStake: Money
  /** Won, as far as it had been taken. */
  readonly recovered: Money
  /** Lost or conceded. */
  readonly lost: Money
  /** What gateways charged for disputes. */
  readonly fees: Money
}

/** How disputes ended. */
export interface OutcomeReport {
  readonly all: OutcomeGroup
  readonly byGateway: readonly OutcomeGroup[]
  readonly byNetwork: readonly OutcomeGroup[]
  readonly byFamily: readonly OutcomeGroup[]
  readonly amounts: readonly OutcomeAmounts[]
}

/** The report over cases, in whatever order they are. Groups are sorted by name. */
export function outcomeReport(cases: readonly DisputeCase[]): OutcomeReport {
  return {
    all: groupOf('all', cases),
    byGateway: grouped(cases, ({ gateway }) => gateway),
    byNetwork: grouped(cases, ({ network }) => network ?? 'unknown'),
    byFamily: grouped(cases, ({ family }) => family),
    amounts: amountsOf(cases),
  }
}

function grouped(cases: readonly DisputeCase[], nameOf: (each: DisputeCase) => string): readonly OutcomeGroup[] {
  return [...groupBy(cases, nameOf)]
    .map(([name, members]) => groupOf(name, members))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function groupOf(name: string, cases: readonly DisputeCase[]): OutcomeGroup {
  const count = (status: DisputeCase['status'], of = cases): number =>
    of.filter((each) => each.status === status).length
  const contested = cases.filter(({ answered }) => answered)
  const [wins, losses] = [count('won', contested), count('lost', contested)]
  return {
    name,
    cases: cases.length,
    open: cases.filter(({ status }) => !isDecided(status) && status !== 'expired').length,
    won: count('won'),
    lost: count('lost'),
    accepted: count('accepted'),
    expired: count('expired'),
    winRate: wins + losses === 0 ? undefined : wins / (wins + losses),
  }
}

function amountsOf(cases: readonly DisputeCase[]): readonly OutcomeAmounts[] {
  return [...groupBy(cases, ({ amount }) => amount.currency)]
    .map(([currency, members]): OutcomeAmounts => {
      const total = (of: readonly DisputeCase[], amountOf: (each: DisputeCase) => Money): Money => ({
        amount: of.reduce((sum, each) => {
          const { amount, currency: other } = amountOf(each)
          return other === currency ? sum + amount : sum
        }, 0n),
        currency,
      })
      const gone = members.filter(({ status }) => status === 'lost' || status === 'accepted')
      return {
        currency,
        disputed: total(members, ({ amount }) => amount),
        atStake: total(
          members.filter(({ status }) => !isDecided(status)),
          ({ amount }) => amount,
        ),
        recovered: total(
          members.filter(({ status }) => status === 'won'),
          ({ reinstated }) => reinstated,
        ),
        lost: total(gone, ({ withdrawn, reinstated }) => ({
          amount: withdrawn.amount - reinstated.amount,
          currency: withdrawn.currency,
        })),
        fees: total(members, ({ fee }) => fee),
      }
    })
    .toSorted((a, b) => (a.currency < b.currency ? -1 : 1))
}
