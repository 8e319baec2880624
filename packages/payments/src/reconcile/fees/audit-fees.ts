import { isoDate } from '../../statement/civil-date.ts'
import { multiply } from '../../money/multiply.ts'
import type { Money } from '../../money/money.ts'
import { reconcileErrors } from '../errors.ts'
import type { ItemKind } from '../items/item.ts'
import type { Movement } from '../movements/movement.ts'
import type { FeeRule } from './fee-rule.ts'
import { learnFees } from './learn-fees.ts'

/** A fee that is another than it should be. */
export interface FeeFinding {
  readonly id: string
  readonly gateway: string
  readonly kind: ItemKind
  readonly day: string
  readonly amount: Money
  readonly charged: Money
  /** By the rule; by what the gateway otherwise charges where there is none. */
  readonly expected: Money
  /** Charged less expected. */
  readonly difference: Money
  /** `unusual`: no rule fits, and the fee lies far from the others of its kind. */
  readonly reason: 'too_much' | 'too_little' | 'unusual'
}

/** What one gateway charged for one kind of movement. */
export interface FeeTotals {
  readonly gateway: string
  readonly currency: string
  readonly kind: ItemKind
  readonly movements: number
  /** Those that a rule fits. */
  readonly ruled: number
  readonly charged: Money
  /** Of those that a rule fits. */
  readonly expected: Money
  /** Charged less expected, of those that a rule fits. */
  readonly difference: Money
  /** What the movements without a rule look like: a part of the amount, and minor units. */
  readonly learned: { readonly rate: number; readonly fixed: number } | undefined
}

/** What gateways charged, against what they should. */
export interface FeeAudit {
  /** The largest difference first. */
  readonly findings: readonly FeeFinding[]
  /** By gateway, currency and kind. */
  readonly totals: readonly FeeTotals[]
}

const kinds: ReadonlySet<string> = new Set([
  ...[
    'charge',
    'refund',
    'refund_failure',
    'dispute',
    'dispute_reversal',
    'payout',
    'payout_failure',
    'fee',
    'adjustment',
  ],
])

/**
 * Compares the fee of every settlement line with what the contract says. Where no rule fits, the fees of a kind are compared
 * with each other: what lies more than 3.5 robust deviations from the rest is unusual (Iglewicz and Hoaglin, 1993).
 *
 * @throws `PAYMENTS_RECONCILE_RULE_INVALID`
 * @example
 * ```ts
 * import { money } from '@exprsn/payments'
 * import { auditFees, type Movement } from '@exprsn/payments/reconcile'
 *
 * const charge: Movement = {
 *   id: 'stripe:txn_1', side: 'gateway', gateway: 'stripe', kind: 'charge', amount: money('100.00', 'EUR'),
 *   fee: 350n, day: '2026-11-02', payout: undefined, arrivedOn: undefined,
 * }
 * const audit = auditFees([charge], [{ gateway: 'stripe', currency: 'EUR', rate: '0.029', fixed: 30n }])
 * console.log(audit.findings[0]?.reason, audit.findings[0]?.difference.amount) // too_much 30n
 * ```
 */
export function auditFees(
  movements: readonly Movement[],
  rules: readonly FeeRule[],
  {
    tolerance = 1n,
  }: {
    /** Minor units that rounding may make. @default 1n */
    readonly tolerance?: bigint | undefined
  } = {},
): FeeAudit {
  for (const rule of rules) checkRule(rule)
  if (typeof tolerance !== 'bigint' || tolerance < 0n) throw refuse('tolerance', 'is not a bigint of zero or more')
  const groups = Map.groupBy(
    movements.filter(
      ({ side, kind, gateway }) =>
        side === 'gateway' && gateway !== undefined && kind !== 'fee' && kind !== 'adjustment',
    ),
    ({ gateway, kind, amount }) => `${gateway} ${amount.currency} ${kind}`,
  )
  const audited = [...groups.entries()]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, members]) => auditGroup(members, rules, tolerance))
  return {
    findings: audited.flatMap(({ findings }) => findings).toSorted(byWeight),
    totals: audited.map(({ totals }) => totals),
  }
}

function auditGroup(members: readonly Movement[], rules: readonly FeeRule[], tolerance: bigint) {
  const [first] = members
  const { gateway, kind, amount } = first!
  const inCurrency = (value: bigint): Money => ({ amount: value, currency: amount.currency })
  const findings: FeeFinding[] = []
  const found = (movement: Movement, expected: bigint, reason: FeeFinding['reason']): void => {
    const { id, day, fee } = movement
    const money = { amount: movement.amount, charged: inCurrency(fee), expected: inCurrency(expected) }
    findings.push({ ...{ id, gateway: gateway!, kind, day, ...money, reason }, difference: inCurrency(fee - expected) })
  }
  let [charged, ruledCharged, expected, ruled] = [0n, 0n, 0n, 0]
  const unruled: Movement[] = []
  for (const movement of members) {
    charged += movement.fee
    const rule = rules.find((each) => fits(each, movement))
    if (rule === undefined) {
      unruled.push(movement)
      continue
    }
    const due = feeBy(rule, movement)
    ruled++
    ruledCharged += movement.fee
    expected += due
    const difference = movement.fee - due
    if (difference > tolerance) found(movement, due, 'too_much')
    else if (-difference > tolerance) found(movement, due, 'too_little')
  }
  const learned = learnFees(unruled)
  for (const { movement, usual } of learned?.unusual ?? []) found(movement, usual, 'unusual')
  const totals: FeeTotals = {
    ...{ gateway: gateway!, currency: amount.currency, kind, movements: members.length, ruled },
    ...{
      charged: inCurrency(charged),
      expected: inCurrency(expected),
      difference: inCurrency(ruledCharged - expected),
    },
    learned: learned && { rate: learned.rate, fixed: learned.fixed },
  }
  return { findings, totals }
}

function fits({ gateway, currency, kind = 'charge', since, until }: FeeRule, movement: Movement): boolean {
  return (
    movement.gateway === gateway &&
    movement.amount.currency === currency &&
    movement.kind === kind &&
    (since === undefined || movement.day >= since) &&
    (until === undefined || movement.day < until)
  )
}

/** What a rule makes of a movement, rounded half up as gateways do. */
function feeBy({ rate = '0', fixed = 0n, minimum, maximum }: FeeRule, { amount }: Movement): bigint {
  const base = { amount: amount.amount < 0n ? -amount.amount : amount.amount, currency: amount.currency }
  const fee = multiply(base, rate, 'half-up').amount + fixed
  if (minimum !== undefined && fee < minimum) return minimum
  return maximum !== undefined && fee > maximum ? maximum : fee
}

function checkRule({
  gateway,
  currency,
  kind = 'charge',
  rate = '0',
  fixed = 0n,
  minimum = 0n,
  maximum,
  since,
  until,
}: FeeRule): void {
  const name = `fee of ${String(gateway).slice(0, 40)}`
  if (!/^[A-Z]{3}$/.test(currency)) throw refuse(name, 'has no currency of three capitals')
  if (!kinds.has(kind)) throw refuse(name, 'is of a kind that nobody knows')
  if (!/^-?\d{1,3}(?:\.\d{1,9})?$/.test(rate)) throw refuse(name, 'has a rate that is not decimal text such as 0.029')
  if (typeof fixed !== 'bigint' || typeof minimum !== 'bigint') throw refuse(name, 'has amounts that are no bigints')
  if (maximum !== undefined && maximum < minimum) throw refuse(name, 'has a maximum below its minimum')
  for (const day of [since, until])
    if (day !== undefined && isoDate(day) !== day)
      throw refuse(name, `has a day that no calendar has: ${day.slice(0, 20)}`)
}

function byWeight(a: FeeFinding, b: FeeFinding): number {
  const [left, right] = [a, b].map(({ difference }) =>
    difference.amount < 0n ? -difference.amount : difference.amount,
  )
  if (left !== right) return right! > left! ? 1 : -1
  return a.id < b.id ? -1 : 1
}

function refuse(rule: string, reason: string) {
  return reconcileErrors.PAYMENTS_RECONCILE_RULE_INVALID({ rule, reason })
}
