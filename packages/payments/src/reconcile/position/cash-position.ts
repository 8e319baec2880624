import type { Money } from '../../money/money.ts'
import { isoDate } from '../../statement/civil-date.ts'
import { reconcileErrors } from '../errors.ts'
import { addDays, daysBetween } from '../forecast/days.ts'
import type { Movement } from '../movements/movement.ts'

/** Where the money of one currency stood at the end of a day. */
export interface CashDay {
  /** `YYYY-MM-DD`. */
  readonly day: string
  /** What each gateway held, by its name. */
  readonly atGateways: Readonly<Record<string, Money>>
  /** Paid out, and not at the bank. */
  readonly inTransit: Money
  readonly atBank: Money
  /** All of it. */
  readonly total: Money
}

/** Where the money of one currency stood, day by day. */
export interface CashPosition {
  readonly currency: string
  /** From the first movement, or `since`, to `until`. */
  readonly days: readonly CashDay[]
}

/** Options of {@link cashPosition}. */
export interface CashPositionOptions {
  /** The first day shown, `YYYY-MM-DD`; what came before counts. @default that of the first movement */
  readonly since?: string | undefined
  /** The last day, `YYYY-MM-DD`. @default that of the last movement */
  readonly until?: string | undefined
  /** What stood at the bank before the first movement, by currency. @default nothing */
  readonly opening?: Readonly<Record<string, bigint>> | undefined
}

const mostDays = 3_660

/**
 * What gateways hold, what is on its way and what the bank has, at the end of every day, by currency. A payout leaves its
 * gateway on its own day and the way on the day of the bank's entry that it was matched with; what comes to the bank
 * without a payout counts there all the same.
 *
 * @throws `PAYMENTS_RECONCILE_RULE_INVALID`
 * @example
 * ```ts
 * import { money } from '@exprsn/payments'
 * import { cashPosition, type Movement } from '@exprsn/payments/reconcile'
 *
 * const line = (kind: Movement['kind'], value: string, day: string): Movement => ({
 *   id: `stripe:${kind}`, side: 'gateway', gateway: 'stripe', kind, amount: money(value, 'EUR'), fee: 0n, day,
 *   payout: kind === 'payout' ? 'po_1' : undefined, arrivedOn: undefined,
 * })
 * const [euros] = cashPosition([line('charge', '50.00', '2026-11-02'), line('payout', '48.00', '2026-11-04')])
 * console.log(euros?.days.map(({ total }) => total.amount)) // [ 5000n, 5000n, 5000n ]
 * ```
 */
export function cashPosition(
  movements: readonly Movement[],
  options: CashPositionOptions = {},
): readonly CashPosition[] {
  const { since, until, opening = {} } = options
  for (const [name, day] of [
    ['since', since],
    ['until', until],
  ] as const)
    if (day !== undefined && isoDate(day) !== day)
      throw refuse(name, `is no day such as 2026-11-30: ${day.slice(0, 20)}`)
  return [...Map.groupBy(movements, ({ amount }) => amount.currency)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, members]) => ({
      currency,
      days: daysOf(currency, members, opening[currency] ?? 0n, { since, until }),
    }))
}

function daysOf(
  currency: string,
  members: readonly Movement[],
  opening: bigint,
  { since, until }: Pick<CashPositionOptions, 'since' | 'until'>,
): readonly CashDay[] {
  const changes = members.flatMap(changesOf)
  const all = changes.map(({ day }) => day).toSorted()
  const [first, last] = [all[0] ?? since, until ?? all.at(-1)]
  if (first === undefined || last === undefined) return []
  const from = since ?? first
  if (daysBetween(from, last) > mostDays) throw refuse('until', `lies more than ${mostDays} days after the first`)
  const byDay = Map.groupBy(changes, ({ day }) => day)
  const gateways = [
    ...new Set(members.flatMap(({ gateway, side }) => (side === 'gateway' && gateway !== undefined ? [gateway] : []))),
  ].toSorted()
  const held = new Map(gateways.map((name) => [name, 0n]))
  let [transit, bank] = [0n, opening]
  const apply = (day: string): void => {
    for (const { place, amount } of byDay.get(day) ?? [])
      if (place === 'transit') transit += amount
      else if (place === 'bank') bank += amount
      else held.set(place.gateway, held.get(place.gateway)! + amount)
  }
  for (const day of [...byDay.keys()].toSorted()) if (day < from) apply(day)
  const days: CashDay[] = []
  for (let day = from; day <= last; day = addDays(day, 1)) {
    apply(day)
    const inCurrency = (amount: bigint): Money => ({ amount, currency })
    const total = [...held.values()].reduce((sum, each) => sum + each, transit + bank)
    const atGateways = Object.fromEntries([...held].map(([name, amount]) => [name, inCurrency(amount)]))
    days.push({ day, atGateways, inTransit: inCurrency(transit), atBank: inCurrency(bank), total: inCurrency(total) })
  }
  return days
}

interface Change {
  readonly day: string
  readonly place: 'transit' | 'bank' | { readonly gateway: string }
  readonly amount: bigint
}

function changesOf({ side, gateway, kind, amount: { amount }, fee, day, arrivedOn }: Movement): readonly Change[] {
  if (side === 'bank') return [{ day, place: 'bank', amount }]
  const place = { gateway: gateway! }
  if (kind !== 'payout' && kind !== 'payout_failure') return [{ day, place, amount: amount - fee }]
  const left: Change[] = [
    { day, place, amount: -amount - fee },
    { day, place: 'transit', amount },
  ]
  // The bank's own entry adds what arrived.
  return arrivedOn === undefined
    ? left
    : [...left, { day: arrivedOn < day ? day : arrivedOn, place: 'transit', amount: -amount }]
}

function refuse(rule: string, reason: string) {
  return reconcileErrors.PAYMENTS_RECONCILE_RULE_INVALID({ rule, reason })
}
