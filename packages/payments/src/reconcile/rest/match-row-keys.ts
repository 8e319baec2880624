import { currencyCode } from '../files/currencies.ts'
import { withinRate } from '../match/exchange.ts'
import type { CheckedRules } from '../rules.ts'
import type { Decisions } from './decisions.ts'
import { spanAt } from './rest-rows.ts'
import { textAt, type RestTable } from './rest-table.ts'
import type { RowNumbers } from './row-numbers.ts'
import { sharingKeys, sharingNames } from './sharing-rows.ts'

/** As `matchKeys`, of rows: it decides about those that share a name which nobody else has. */
export function matchRowKeys(table: RestTable, numbers: RowNumbers, rules: CheckedRules, decisions: Decisions): void {
  const decide = rowDecider(table, numbers, rules, decisions)
  sharingKeys(numbers, decide)
  sharingNames(decisions.rest(), numbers, decide)
}

function rowDecider(
  { isOurs, amounts, currencies, days, ...table }: RestTable,
  numbers: RowNumbers,
  rules: CheckedRules,
  decisions: Decisions,
) {
  const isEqual = (one: number, other: number): boolean =>
    amounts[one] === amounts[other] && currencies[one] === currencies[other]
  const byDay = (one: number, other: number): number => days[one]! - days[other]! || one - other
  const idOf = (row: number): string => textAt(table, row, spanAt.id)
  const moneyAt = (row: number) => ({ amount: BigInt(amounts[row]!), currency: currencyCode(currencies[row]!) })
  const sumOf = (rows: readonly number[]): bigint => rows.reduce((sum, row) => sum + BigInt(amounts[row]!), 0n)
  const toleranceOf = (currency: number): bigint => rules.tolerance[currencyCode(currency)] ?? 0n
  const isNear = (left: number, right: number): boolean =>
    isEqual(left, right) ||
    (currencies[left] === currencies[right] &&
      Math.abs(amounts[left]! - amounts[right]!) <= toleranceOf(currencies[left]!))

  /** Two of each side, as nearly all are, without lists. */
  function takePair([one, other]: readonly number[]): boolean {
    const [left, right] = isOurs[one!] === 1 ? [one!, other!] : [other!, one!]
    if (isOurs[left] === isOurs[right] || !isNear(left, right)) return false
    if (isEqual(left, right)) decisions.pair('key', left, right, sharedName(left, right, numbers))
    else decisions.pair('key-tolerance', left, right, -1)
    return true
  }

  return (together: readonly number[]): void => {
    if (together.length === 2 && takePair(together)) return
    let lefts = together.filter((row) => isOurs[row] === 1)
    let rights = together.filter((row) => isOurs[row] === 0)
    const waiting = Map.groupBy(rights.toSorted(byDay), (row) => `${amounts[row]} ${currencies[row]}`)
    let pairs = 0
    for (const left of lefts.toSorted(byDay)) {
      // Nearest in time: sorted by day, which is the cheapest assignment on a line.
      const right = waiting.get(`${amounts[left]} ${currencies[left]}`)?.shift()
      if (right === undefined) continue
      decisions.pair('key', left, right, sharedName(left, right, numbers))
      pairs++
    }
    if (pairs > 0)
      [lefts, rights] = [lefts, rights].map((side) => side.filter((row) => decisions.decided[row] === 0)) as [
        number[],
        number[],
      ]
    if (lefts.length > 0 && rights.length > 0) takeSums(lefts, rights)
    else if (pairs > 0)
      // Its name was used up by others: the same thing twice.
      for (const row of [...lefts, ...rights]) decisions.leave(row, 'duplicate', [])
  }

  function takeSums(lefts: readonly number[], rights: readonly number[]): void {
    const currency = currencies[lefts[0]!]!
    const evidence = [...lefts, ...rights].every((row) => currencies[row] === currency)
      ? ofSums(sumOf(lefts) - sumOf(rights), currency, lefts.length, rights.length)
      : ofRate(lefts, rights)
    if (evidence !== undefined) {
      decisions.group({ ...evidence, left: lefts, right: rights })
      return
    }
    for (const [rows, others] of [
      [lefts, rights],
      [rights, lefts],
    ] as const)
      for (const row of rows) {
        const candidates = others.slice(0, 5).map((other) => {
          const [left, right] = rows === lefts ? [row, other] : [other, row]
          const more = { rule: 'key', evidence: 'the same name, another amount', cost: 1 } as const
          return { left: idOf(left), right: idOf(right), ...more }
        })
        decisions.leave(row, 'amount_differs', candidates)
      }
  }

  function ofSums(rest: bigint, currency: number, lefts: number, rights: number) {
    const distance = rest < 0n ? -rest : rest
    if (distance === 0n)
      return { rule: 'key-sum', evidence: `${lefts} and ${rights} lines with the same name and sum` } as const
    if (distance > toleranceOf(currency)) return undefined
    return { rule: 'key-tolerance', evidence: `the same name; ${distance} minor units apart` } as const
  }

  function ofRate(lefts: readonly number[], rights: readonly number[]) {
    if (lefts.length > 1 || rights.length > 1) return undefined
    const rate = withinRate(moneyAt(lefts[0]!), moneyAt(rights[0]!), rules)
    return rate === undefined
      ? undefined
      : ({ rule: 'key-rate', evidence: `the same name, exchanged at about ${rate}` } as const)
  }
}

/** The number of a name that both rows have; -1 when they are connected through a third. */
function sharedName(left: number, right: number, { keys, groups }: RowNumbers): number {
  const isOfRight = (name: number): boolean => name >= 0 && (name === keys[right] || name === groups[right])
  return isOfRight(keys[left]!) ? keys[left]! : isOfRight(groups[left]!) ? groups[left]! : -1
}
