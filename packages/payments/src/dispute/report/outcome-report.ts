import type { Money } from '../../money/money.ts'
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
  return [...Map.groupBy(cases, nameOf)]
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

/** Each amount counts in its own currency: a gateway may charge its fee, and take the money back, in another than the buyer paid. */
function amountsOf(cases: readonly DisputeCase[]): readonly OutcomeAmounts[] {
  const currencies = new Set(cases.map(({ amount }) => amount.currency))
  for (const { fee, withdrawn, reinstated } of cases)
    for (const { amount, currency } of [fee, withdrawn, reinstated]) if (amount !== 0n) currencies.add(currency)
  const won = cases.filter(({ status }) => status === 'won')
  const gone = cases.filter(({ status }) => status === 'lost' || status === 'accepted')
  const open = cases.filter(({ status }) => !isDecided(status))
  return [...currencies].toSorted().map((currency): OutcomeAmounts => {
    const total = (of: readonly DisputeCase[], amountOf: (each: DisputeCase) => Money): bigint =>
      of.map(amountOf).reduce((sum, each) => (each.currency === currency ? sum + each.amount : sum), 0n)
    const money = (amount: bigint): Money => ({ amount, currency })
    return {
      currency,
      disputed: money(total(cases, ({ amount }) => amount)),
      atStake: money(total(open, ({ amount }) => amount)),
      recovered: money(total(won, ({ reinstated }) => reinstated)),
      lost: money(total(gone, ({ withdrawn }) => withdrawn) - total(gone, ({ reinstated }) => reinstated)),
      fees: money(total(cases, ({ fee }) => fee)),
    }
  })
}
