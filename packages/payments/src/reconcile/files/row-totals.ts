import type { Fingerprint } from './fingerprint.ts'

/** What is counted over all rows, whatever their order. */
export interface RowTotals {
  ours: number
  gateway: number
  newestDay: number
  readonly fingerprint: Fingerprint
}

/** Nothing yet. */
export function noTotals(): RowTotals {
  return { ours: 0, gateway: 0, newestDay: 0, fingerprint: new Int32Array(2) }
}

/** Takes what another counted. */
export function addTotals(totals: RowTotals, { ours, gateway, newestDay, fingerprint }: RowTotals): void {
  totals.ours += ours
  totals.gateway += gateway
  totals.newestDay = Math.max(totals.newestDay, newestDay)
  for (const lane of [0, 1]) totals.fingerprint[lane]! += fingerprint[lane]!
}
