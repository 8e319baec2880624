import { randomBelow, shuffled } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'

/** Rows of CSV, without headings. */
export interface DrawnRows {
  readonly ours: readonly string[]
  readonly gateway: readonly string[]
}

/** Rows of both sides, some of them missing, doubled, cut, quoted, in other currencies, refunds. */
export function drawRows(seed: number, count: number): DrawnRows {
  const random = new SeededRandom(seed)
  const lot = (): number => randomBelow(random, 100)
  const ours: string[] = []
  const gateway: string[] = []
  const write = (text: string): string => (lot() < 10 || text.includes(',') ? `"${text.replaceAll('"', '""')}"` : text)
  for (let at = 0; at < count; at++) {
    const order = `ORD-${seed}-${String(at).padStart(6, '0')}`
    const key = `ch_${String(randomBelow(random, 1_000_000_000)).padStart(10, '0')}é`.slice(0, 13 + (at % 2))
    const cents = (lot() < 10 ? -1 : 1) * (lot() < 50 ? 1_990 : 1 + randomBelow(random, 90_000))
    const value = (by = 0): string => (cents + by < 0 ? '-' : '') + (Math.abs(cents + by) / 100).toFixed(2)
    const currency = lot() < 90 ? 'EUR' : 'USD'
    const date = `2026-10-${String(1 + randomBelow(random, 28)).padStart(2, '0')}`
    const own = (name = key): void => void ours.push([order, name, value(), date, currency].map(write).join(','))
    const theirs = (name = key, by = 0, text = ''): void =>
      void gateway.push(
        [`txn_${seed}_${gateway.length}`, name, value(by), `${date}T10:00`, currency, text].map(write).join(','),
      )
    const what = lot()
    if (what >= 4) own(what < 12 ? '' : key)
    if (what < 8) theirs(key, 0, `for "${order}", thanks`)
    else if (what >= 12 && what < 16) theirs(key.slice(0, 11))
    else if (what >= 16 && what < 20) theirs(key, 3)
    else if (what >= 20 && what < 23) for (const _ of [1, 2]) theirs()
    else if (what >= 23) theirs()
  }
  return { ours: shuffled(random, ours), gateway: shuffled(random, gateway) }
}
