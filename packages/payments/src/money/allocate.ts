import { moneyErrors } from './errors.ts'
import type { Money } from './money.ts'

/**
 * Divides an amount by weights without losing or making a minor unit: the method of largest remainders (Hamilton), ties to
 * the earlier part, so that the same input always gives the same parts. A debt is divided like the amount without its sign.
 *
 * @throws `PAYMENTS_WEIGHTS_INVALID`
 * @example
 * ```ts
 * import { allocate, money } from '@exprsn/payments/money'
 *
 * console.log(allocate(money('100.00', 'EUR'), [1n, 1n, 1n]).map(({ amount }) => amount)) // [ 3334n, 3333n, 3333n ]
 * ```
 */
export function allocate({ amount, currency }: Money, weights: readonly (bigint | number)[]): Money[] {
  const exact = weights.map(wholeWeight)
  let total = 0n
  for (const weight of exact) total += weight
  if (total === 0n) throw invalid(exact.length === 0 ? 'there is none' : 'all are zero')
  const magnitude = amount < 0n ? -amount : amount
  const shares =
    magnitude * total <= safe
      ? smallShares(Number(magnitude), exact, Number(total))
      : largeShares(magnitude, exact, total)
  return shares.map((share) => ({ amount: amount < 0n ? -share : share, currency }))
}

const safe = BigInt(Number.MAX_SAFE_INTEGER)

/** What fits into doubles is computed in them, exactly: the same result as in bigints. */
function smallShares(magnitude: number, weights: readonly bigint[], total: number): bigint[] {
  const shares: number[] = []
  const rests: number[] = []
  let left = magnitude
  for (const weight of weights) {
    const product = magnitude * Number(weight)
    const rest = product % total
    const share = (product - rest) / total
    shares.push(share)
    rests.push(rest)
    left -= share
  }
  giveRest(shares, rests, left, 1)
  return shares.map(BigInt)
}

function largeShares(magnitude: bigint, weights: readonly bigint[], total: bigint): bigint[] {
  const shares: bigint[] = []
  const rests: bigint[] = []
  let left = magnitude
  for (const weight of weights) {
    const product = magnitude * weight
    const share = product / total
    shares.push(share)
    rests.push(product - share * total)
    left -= share
  }
  giveRest(shares, rests, Number(left), 1n)
  return shares
}

/** Fewer units are left than there are parts: each goes to the part with the largest remainder. */
function giveRest<Value extends number | bigint>(shares: Value[], rests: Value[], left: number, one: Value): void {
  if (left === 0) return
  if (rests.length <= 8) return giveRestToFew(shares, rests, left, one)
  const order = rests.map((_, index) => index)
  order.sort((a, b) => (rests[a] === rests[b] ? a - b : rests[a]! > rests[b]! ? -1 : 1))
  for (let place = 0; place < left; place++) {
    const index = order[place]!
    shares[index] = ((shares[index] as bigint) + (one as bigint)) as Value
  }
}

/** With few parts there is nothing to gain from sorting them. */
function giveRestToFew<Value extends number | bigint>(shares: Value[], rests: Value[], left: number, one: Value): void {
  for (let unit = 0; unit < left; unit++) {
    let best = 0
    for (let index = 1; index < rests.length; index++) if (rests[index]! > rests[best]!) best = index
    shares[best] = ((shares[best] as bigint) + (one as bigint)) as Value
    rests[best] = -one as Value
  }
}

function wholeWeight(weight: bigint | number, index: number): bigint {
  if (typeof weight === 'number' ? !Number.isSafeInteger(weight) : typeof weight !== 'bigint')
    throw invalid(`number ${index + 1} is not whole`)
  if (weight < 0) throw invalid(`number ${index + 1} is below zero`)
  return BigInt(weight)
}

function invalid(reason: string) {
  return moneyErrors.PAYMENTS_WEIGHTS_INVALID({ reason })
}
