import { ExactJoin } from './exact-join.ts'
import { fieldsOf, movementReader, type Currencies, type OpenMovements } from './open-movements.ts'
import { scanRows } from './scan-rows.ts'

/** What is counted over all rows, whatever their order. */
export interface RowTotals {
  ours: number
  gateway: number
  newestDay: number
  /** Sums of hashes of names, amounts and days: they tell inputs apart that differ by accident, not by intent. */
  readonly fingerprint: Int32Array
}

/** How {@link joinFiles} reads. */
export interface JoinOptions {
  readonly currencies: Currencies
  readonly totals: RowTotals
  readonly signal: AbortSignal | undefined
  readonly onBytes: (count: number) => void
}

/** Bytes of memory that matching by name takes for each byte of our file. */
export const joinFactor = 2

/** Finds what names alone decide in two files; see {@link ExactJoin}. */
export async function joinFiles(ours: OpenMovements, gateway: OpenMovements, options: JoinOptions) {
  // 45 bytes are a usual row; when they are shorter, the table grows.
  const join = new ExactJoin(Math.ceil(ours.size / 45), Math.ceil(ours.size / 3))
  await scan(ours, 'left', join, options)
  await scan(gateway, 'right', join, options)
  return join.finish()
}

async function scan(
  source: OpenMovements,
  side: 'left' | 'right',
  join: ExactJoin,
  { currencies, totals, signal, onBytes }: JoinOptions,
): Promise<void> {
  const row = fieldsOf(source)
  const read = movementReader(source, currencies)
  const isLeft = side === 'left'
  const { fingerprint } = totals
  let rows = 0
  let newest = totals.newestDay
  await scanRows(
    source.file,
    { start: source.start, separator: source.separator, row, signal, onBytes },
    (bytes, place) => {
      const { hash, amount, currency, day, keyStart, keyEnd } = read(bytes, row, place)
      rows++
      if (day > newest) newest = day
      const mixed = Math.imul(hash ^ (amount | 0), 0x9e3779b1) ^ (isLeft ? day : ~day)
      fingerprint[0] = fingerprint[0]! + mixed
      fingerprint[1] = fingerprint[1]! + Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d)
      if (keyStart === keyEnd) join.addRest(side, place)
      else if (isLeft) join.addLeft(hash, bytes, keyStart, keyEnd, amount, currency, place)
      else join.addRight(hash, bytes, keyStart, keyEnd, amount, currency, place)
    },
  )
  totals[isLeft ? 'ours' : 'gateway'] += rows
  totals.newestDay = newest
}
