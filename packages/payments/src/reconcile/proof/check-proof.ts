import type { ConservationProof } from './proof.ts'

const names = ['ours', 'gross', 'fees', 'adjustments', 'paidOut', 'bank'] as const
const opens = ['openOurs', 'openGateway', 'openPayouts', 'openBank'] as const
const anywhere = [0, 1, 2, 3]

/**
 * Checks a proof from its text alone; shares no code with what made it. Gives what does not hold, nothing when all does.
 *
 * @example
 * ```ts
 * import { checkProof } from '@exprsn/payments/reconcile'
 *
 * console.log(checkProof({ version: 1, inputs: '', items: [], matches: [], open: [], totals: [] })) // []
 * ```
 */
export function checkProof(proof: ConservationProof): string[] {
  const faults: string[] = []
  const items = new Map<string, (typeof proof.items)[number]>()
  for (const item of proof.items) items.set(item[0], item)
  if (items.size !== proof.items.length) faults.push('an item stands in it twice')
  const sums = new Map<string, Map<string, bigint>>()
  const add = (currency: string, name: string, amount: bigint): void => {
    const known = sums.get(currency) ?? new Map<string, bigint>()
    sums.set(currency, known.set(name, (known.get(name) ?? 0n) + amount))
  }
  const placeOf = (side: string, kind: string): number =>
    side === 'ours'
      ? 0
      : side === 'bank'
        ? 3
        : kind.startsWith('payout')
          ? 2
          : kind === 'fee' || kind === 'adjustment'
            ? -1
            : 1
  for (const [, side, kind, currency, amount, fee] of proof.items) {
    const name =
      { ours: 'ours', bank: 'bank' }[side] ??
      (kind.startsWith('payout')
        ? 'paidOut'
        : kind === 'adjustment'
          ? 'adjustments'
          : kind === 'fee'
            ? 'feeLines'
            : 'gross')
    add(currency, name === 'feeLines' ? 'fees' : name, name === 'feeLines' ? -BigInt(amount) : BigInt(amount))
    add(currency, 'fees', BigInt(fee))
  }
  const seen = new Set<string>()
  const use = (id: string, places: readonly number[]): (typeof proof.items)[number] | undefined => {
    const item = items.get(id)
    if (item === undefined || !places.includes(placeOf(item[1], item[2]))) faults.push(`${id} is not where it belongs`)
    if (seen.has(id)) faults.push(`${id} is used twice`)
    seen.add(id)
    return item
  }
  for (const { left, right, differences } of proof.matches) {
    const leg = [...left, ...right].some((id) => placeOf(items.get(id)?.[1] ?? '', items.get(id)?.[2] ?? '') > 1)
      ? 2
      : 0
    const rest = new Map<string, bigint>()
    for (const [ids, place, sign] of [
      [left, leg, 1n],
      [right, leg + 1, -1n],
    ] as const)
      for (const item of ids.map((id) => use(id, [place])))
        if (item !== undefined) rest.set(item[3], (rest.get(item[3]) ?? 0n) + sign * BigInt(item[4]))
    const stated = new Map(differences.map(([currency, amount]) => [currency, BigInt(amount)]))
    for (const currency of new Set([...rest.keys(), ...stated.keys()])) {
      const found = rest.get(currency) ?? 0n
      if (found !== (stated.get(currency) ?? 0n))
        faults.push(`the match of ${left[0] ?? right[0]} leaves ${found} ${currency}`)
      add(currency, leg === 0 ? 'orderDifferences' : 'payoutDifferences', found)
    }
  }
  for (const id of proof.open) {
    const item = use(id, anywhere)
    if (item !== undefined) add(item[3], opens[placeOf(item[1], item[2])]!, BigInt(item[4]))
  }
  for (const [id, side, kind] of proof.items)
    if (placeOf(side, kind) >= 0 && !seen.has(id)) faults.push(`${id} is neither matched nor open`)
  if (sums.size !== proof.totals.length) faults.push('a currency is missing in the totals, or too much there')
  for (const totals of proof.totals) {
    const sum = (name: string): bigint => sums.get(totals.currency)?.get(name) ?? 0n
    for (const name of [...names, ...opens, 'orderDifferences', 'payoutDifferences'] as const)
      if (BigInt(totals[name]) !== sum(name))
        faults.push(`${name} in ${totals.currency} is ${sum(name)}, not ${totals[name]}`)
    const held = sum('gross') - sum('fees') + sum('adjustments') - sum('paidOut')
    if (BigInt(totals.held) !== held) faults.push(`held in ${totals.currency} is ${held}, not ${totals.held}`)
    if (sum('ours') - sum('gross') !== sum('openOurs') - sum('openGateway') + sum('orderDifferences'))
      faults.push(`orders in ${totals.currency} are not conserved`)
    if (sum('paidOut') - sum('bank') !== sum('openPayouts') - sum('openBank') + sum('payoutDifferences'))
      faults.push(`payouts in ${totals.currency} are not conserved`)
  }
  return faults
}
