import type { Money } from '../../money/money.ts'
import type { MatchRule } from '../match/edge.ts'
import type { ReportedMatch } from '../report.ts'

/** What a match leaves: what was expected less what came, in one currency. */
export interface Residual {
  /** The identifier of the match. */
  readonly match: string
  readonly rule: MatchRule
  /** Orders with a gateway's lines, or payouts with the bank's. */
  readonly leg: 'orders' | 'payouts'
  /** The gateway's name, where the match has a line of one. */
  readonly gateway: string | undefined
  /** Above zero: less came than was expected. */
  readonly amount: Money
}

/** What matches leave, in their order. */
export function residualsOf(matches: readonly ReportedMatch[]): Residual[] {
  return matches.flatMap(({ id, rule, left, right, differences }) =>
    differences.map((amount): Residual => {
      const names = [...left, ...right].map((item) => item.slice(0, item.indexOf(':')))
      return {
        ...{ match: id, rule, amount, leg: names.includes('ours') || !names.includes('bank') ? 'orders' : 'payouts' },
        gateway: names.find((name) => name !== 'ours' && name !== 'bank'),
      }
    }),
  )
}
