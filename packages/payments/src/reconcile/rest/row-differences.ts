import type { Money } from '../../money/money.ts'
import { currencyCode } from '../files/currencies.ts'
import type { RestTable } from './rest-table.ts'

/** By how much the sums of rows of either side differ, in order of the currencies. */
export function differencesOf(
  { amounts, currencies }: Pick<RestTable, 'amounts' | 'currencies'>,
  left: readonly number[],
  right: readonly number[],
): Money[] {
  const rest = new Map<number, bigint>()
  for (const [rows, sign] of [
    [left, 1n],
    [right, -1n],
  ] as const)
    for (const row of rows)
      rest.set(currencies[row]!, (rest.get(currencies[row]!) ?? 0n) + sign * BigInt(amounts[row]!))
  return [...rest]
    .filter(([, amount]) => amount !== 0n)
    .map(([currency, amount]) => ({ amount, currency: currencyCode(currency) }))
    .toSorted((a, b) => (a.currency < b.currency ? -1 : 1))
}
