import { reconcileErrors } from './errors.ts'

/** How matching decides. Plain data: it is part of what a report's hash stands for. */
export interface ReconcileRules {
  /** Days between an order and the gateway's line. @default 5 */
  readonly orderDays?: number | undefined
  /** Days that a payout may take to the bank. @default 10 */
  readonly payoutDays?: number | undefined
  /**
   * How far amounts may lie apart where a reference says that they belong together: the rest is posted as a difference.
   * Minor units by currency. @default none: amounts are equal
   */
  readonly tolerance?: Readonly<Record<string, bigint>> | undefined
  /** Exchange rates as decimal text, by `USD/EUR`: what one unit of the first is worth in the second. @default none */
  readonly rates?: Readonly<Record<string, string>> | undefined
  /** How far an exchanged amount may lie from the rate, in parts of ten thousand. @default 200 */
  readonly rateTolerance?: number | undefined
  /** Words by which a bank's text means a gateway. @default its name */
  readonly gatewayNames?: Readonly<Record<string, readonly string[]>> | undefined
  /** How alike two names must be for a fuzzy match, 0 to 1. @default 0.92 */
  readonly similarity?: number | undefined
  /** How many candidates a sum may be sought among. @default 20 */
  readonly sumCandidates?: number | undefined
}

/** Rules with their defaults. */
export interface CheckedRules {
  readonly version: 1
  readonly orderDays: number
  readonly payoutDays: number
  readonly tolerance: Readonly<Record<string, bigint>>
  readonly rates: Readonly<Record<string, string>>
  readonly rateTolerance: number
  readonly gatewayNames: Readonly<Record<string, readonly string[]>>
  readonly similarity: number
  readonly sumCandidates: number
}

/** @throws `PAYMENTS_RECONCILE_RULE_INVALID` */
export function checkRules(rules: ReconcileRules, gateways: readonly string[]): CheckedRules {
  const { orderDays = 5, payoutDays = 10, rateTolerance = 200, similarity = 0.92, sumCandidates = 20 } = rules
  const { tolerance = {}, rates = {}, gatewayNames = {} } = rules
  const check = (rule: string, value: number, lowest: number, highest: number): void => {
    if (!(value >= lowest && value <= highest)) throw refuse(rule, `is not between ${lowest} and ${highest}`)
  }
  check('orderDays', orderDays, 0, 366)
  check('payoutDays', payoutDays, 0, 366)
  check('rateTolerance', rateTolerance, 0, 2_000)
  check('similarity', similarity, 0.8, 1)
  check('sumCandidates', sumCandidates, 0, 24)
  for (const [currency, value] of Object.entries(tolerance))
    if (typeof value !== 'bigint' || value < 0n)
      throw refuse('tolerance', `of ${currency} is not a bigint of zero or more`)
  for (const [pair, rate] of Object.entries(rates))
    if (!/^[A-Z]{3}\/[A-Z]{3}$/.test(pair) || !/^\d{1,9}(?:\.\d{1,12})?$/.test(rate) || Number(rate) === 0)
      throw refuse('rates', `has ${pair} ${rate}, not something like USD/EUR 0.92`)
  const names = Object.fromEntries(
    [...new Set([...gateways, ...Object.keys(gatewayNames)])]
      .toSorted()
      .map((name) => [name, gatewayNames[name] ?? [name]]),
  )
  return {
    ...{ version: 1, orderDays, payoutDays, rateTolerance, similarity, sumCandidates },
    ...{ tolerance, rates, gatewayNames: names },
  }
}

function refuse(rule: string, reason: string) {
  return reconcileErrors.PAYMENTS_RECONCILE_RULE_INVALID({ rule, reason })
}
