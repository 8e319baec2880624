import { currencyCode } from '../files/currencies.ts'
import { noSums, shownTotals } from '../proof/make-proof.ts'
import type { ProofTotals } from '../proof/proof.ts'

const names = ['ours', 'gross', 'openOurs', 'openGateway', 'orderDifferences'] as const

/** What is added up of rows. */
export type RowSum = (typeof names)[number]

/** Sums of rows by currency, exact beyond 2⁵³. */
export class RowSums {
  readonly #low = new Map<number, Float64Array>()
  readonly #high = new Map<number, bigint[]>()

  add(currency: number, name: RowSum, amount: number): void {
    let low = this.#low.get(currency)
    if (low === undefined) {
      this.#low.set(currency, (low = new Float64Array(names.length)))
      this.#high.set(
        currency,
        names.map(() => 0n),
      )
    }
    const at = names.indexOf(name)
    const sum = low[at]! + amount
    if (Number.isSafeInteger(sum)) low[at] = sum
    else {
      this.addLarge(currency, name, BigInt(low[at]!))
      low[at] = amount
    }
  }

  addLarge(currency: number, name: RowSum, amount: bigint): void {
    this.add(currency, name, 0)
    this.#high.get(currency)![names.indexOf(name)]! += amount
  }

  /** In order of the currencies. */
  totals(): ProofTotals[] {
    return [...this.#low]
      .map(([currency, low]) => {
        const high = this.#high.get(currency)!
        const sums = Object.fromEntries(names.map((name, at) => [name, BigInt(low[at]!) + high[at]!]))
        return shownTotals(currencyCode(currency), { ...noSums(), ...sums })
      })
      .toSorted((a, b) => (a.currency < b.currency ? -1 : 1))
  }
}
