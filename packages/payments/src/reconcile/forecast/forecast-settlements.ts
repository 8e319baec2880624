import type { Money } from '../../money/money.ts'
import { isoDate } from '../../statement/civil-date.ts'
import { reconcileErrors } from '../errors.ts'
import type { Movement } from '../movements/movement.ts'
import { attributePayouts } from './attribute-payouts.ts'
import { addDays, daysBetween, nextBankDay } from './days.ts'
import { delaysOf, type Delays } from './delays.ts'

/** Money that should come. */
export interface ExpectedSettlement {
  readonly gateway: string
  /** `payout`: on its way to the bank; `balance`: not paid out yet. */
  readonly kind: 'payout' | 'balance'
  /** The payout, or the day whose lines are to be paid out. */
  readonly name: string
  readonly amount: Money
  /** `YYYY-MM-DD`: when it came in half of all cases before. */
  readonly expectedOn: string
  /** `YYYY-MM-DD`: when it had come in nine of ten. */
  readonly latestOn: string
  /** It should have come by the day of the forecast. */
  readonly overdue: boolean
}

/** What is known of a gateway's pace. */
export interface GatewayPace {
  readonly gateway: string
  readonly currency: string
  /** From a line to its payout, in days. */
  readonly toPayout: Delays
  /** From a payout to the bank, in days. */
  readonly toBank: Delays
}

/** What will come, and what should have come. */
export interface SettlementForecast {
  /** `YYYY-MM-DD`. */
  readonly asOf: string
  /** By day, then by gateway. */
  readonly expected: readonly ExpectedSettlement[]
  /** Those that are overdue, the longest first. */
  readonly overdue: readonly ExpectedSettlement[]
  readonly paces: readonly GatewayPace[]
}

/** Options of {@link forecastSettlements}. */
export interface ForecastOptions {
  /** The day from which to look ahead, `YYYY-MM-DD`; later movements are left out. */
  readonly asOf: string
  /** Days from a line to its payout, where there is no history. @default 2 */
  readonly toPayout?: number | undefined
  /** Days from a payout to the bank, where there is no history. @default 2 */
  readonly toBank?: number | undefined
  /** Whether banks book on a day, `YYYY-MM-DD`. @default Monday to Friday */
  readonly isBankDay?: ((day: string) => boolean) | undefined
  /** Gateways that keep the balance until the host asks for it, as PayPal does: of it nothing is expected. @default none */
  readonly manual?: readonly string[] | undefined
}

/**
 * When the money will arrive that gateways hold or have sent, by how long it took before: the median and the ninth decile of
 * each gateway's delays in each currency, moved to days on which banks book. A payout that is not at the bank after the
 * later of the two is overdue.
 *
 * @throws `PAYMENTS_RECONCILE_RULE_INVALID`
 * @example
 * ```ts
 * import { money } from '@exprsn/payments'
 * import { forecastSettlements, type Movement } from '@exprsn/payments/reconcile'
 *
 * const payout: Movement = {
 *   id: 'stripe:txn_2', side: 'gateway', gateway: 'stripe', kind: 'payout', amount: money('480.00', 'EUR'),
 *   fee: 0n, day: '2026-11-02', payout: 'po_1', arrivedOn: undefined,
 * }
 * const { expected, overdue } = forecastSettlements([payout], { asOf: '2026-11-03' })
 * console.log(expected[0]?.expectedOn, overdue.length) // 2026-11-04 0
 * ```
 */
export function forecastSettlements(movements: readonly Movement[], options: ForecastOptions): SettlementForecast {
  const { asOf, toPayout = 2, toBank = 2, isBankDay = isWeekday, manual = [] } = options
  if (isoDate(asOf) !== asOf) throw refuse('asOf', `is no day such as 2026-11-30: ${String(asOf).slice(0, 20)}`)
  for (const [name, days] of [
    ['toPayout', toPayout],
    ['toBank', toBank],
  ] as const)
    if (!Number.isInteger(days) || days < 0 || days > 366) throw refuse(name, 'is not between 0 and 366 days')
  const lines = movements.filter(({ side, day, gateway }) => side === 'gateway' && gateway !== undefined && day <= asOf)
  const groups = [...Map.groupBy(lines, ({ gateway, amount }) => `${gateway} ${amount.currency}`)].toSorted(
    ([a], [b]) => (a < b ? -1 : 1),
  )
  const made = groups.map(([, members]) => ofGroup(members, { asOf, toPayout, toBank, isBankDay, manual }))
  const expected = made.flatMap((each) => each.expected).toSorted(byDay)
  return {
    asOf,
    expected,
    overdue: expected
      .filter(({ overdue }) => overdue)
      .toSorted((a, b) => (a.latestOn < b.latestOn || (a.latestOn === b.latestOn && a.name < b.name) ? -1 : 1)),
    paces: made.map(({ pace }) => pace),
  }
}

type DecidedOptions = { readonly [Name in keyof ForecastOptions]-?: Exclude<ForecastOptions[Name], undefined> }

function ofGroup(
  members: readonly Movement[],
  { asOf, toPayout, toBank, isBankDay, manual }: DecidedOptions,
): { readonly expected: readonly ExpectedSettlement[]; readonly pace: GatewayPace } {
  const { gateway, amount } = members[0]!
  const { currency } = amount
  const payouts = members.filter(({ kind }) => kind === 'payout')
  const returned = new Set(members.filter(({ kind }) => kind === 'payout_failure').map(({ payout }) => payout))
  const { delays, waiting } = attributePayouts(members)
  const ways = payouts.flatMap(({ day, arrivedOn }) =>
    arrivedOn === undefined || arrivedOn > asOf ? [] : [daysBetween(day, arrivedOn)],
  )
  const pace = { gateway: gateway!, currency, toPayout: delaysOf(delays, toPayout), toBank: delaysOf(ways, toBank) }
  const settlement = (
    kind: ExpectedSettlement['kind'],
    name: string,
    value: bigint,
    from: string,
    days: number,
    most: number,
  ) => {
    const latestOn = nextBankDay(addDays(from, most), isBankDay)
    const expectedOn = nextBankDay(addDays(from, days), isBankDay)
    return {
      ...{ gateway: gateway!, kind, name, expectedOn, latestOn },
      amount: { amount: value, currency },
      overdue: latestOn < asOf,
    }
  }
  const underway = payouts
    .filter(({ payout, arrivedOn }) => (arrivedOn === undefined || arrivedOn > asOf) && !returned.has(payout))
    .map(({ payout, id, amount: { amount: value }, day }) =>
      settlement('payout', payout ?? id, value, day, pace.toBank.median, pace.toBank.ninthDecile),
    )
  const balances = manual.includes(gateway!)
    ? []
    : waiting.map(({ day, amount: value }) => {
        const days = pace.toPayout.median + pace.toBank.median
        const most = pace.toPayout.ninthDecile + pace.toBank.ninthDecile
        return settlement('balance', day, value, day, days, most)
      })
  return { expected: [...underway, ...balances], pace }
}

function isWeekday(day: string): boolean {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
  return weekday !== 0 && weekday !== 6
}

function byDay(a: ExpectedSettlement, b: ExpectedSettlement): number {
  const [left, right] = [a, b].map(
    ({ expectedOn, gateway, name, amount }) => `${expectedOn} ${gateway} ${amount.currency} ${name}`,
  )
  return left! < right! ? -1 : 1
}

function refuse(rule: string, reason: string) {
  return reconcileErrors.PAYMENTS_RECONCILE_RULE_INVALID({ rule, reason })
}
