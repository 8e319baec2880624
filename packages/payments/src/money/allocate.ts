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
  const equal = areEqual(weights) ? allocateEqually(amount, currency, weights.length) : undefined
  return equal ?? allocateSmall(amount, currency, weights) ?? allocateLarge(amount, currency, weights)
}

const safe = BigInt(Number.MAX_SAFE_INTEGER)

function areEqual(weights: readonly (bigint | number)[]): boolean {
  const first = weights[0]
  if (typeof first === 'bigint' ? first <= 0n : !(Number.isSafeInteger(first) && first! > 0)) return false
  for (let index = 1; index < weights.length; index++) if (weights[index] !== first) return false
  return true
}

/** Equal parts, as most divisions are: the remainders are all the same, so that what is left goes to the earlier ones. */
function allocateEqually(amount: bigint, currency: string, count: number): Money[] | undefined {
  const value = Number(amount)
  if (!(value <= Number.MAX_SAFE_INTEGER && value >= -Number.MAX_SAFE_INTEGER)) return undefined
  // Towards zero for debts, too: they are divided like the amount without its sign.
  const share = Math.trunc(value / count)
  const left = value - share * count
  const low = BigInt(share)
  const raised = left < 0 ? -left : left
  const high = raised === 0 ? low : low + (left < 0 ? -1n : 1n)
  const parts = new Array<Money>(count)
  for (let index = 0; index < count; index++) parts[index] = { amount: index < raised ? high : low, currency }
  return parts
}

/**
 * What fits into doubles is computed in them, exactly and without a list in between: 5 to 10 times as fast as in bigints, which
 * {@link allocateLarge} is the plain form of. Below 2⁵³ the floor of a quotient is never rounded up: the next whole number is
 * further away than the rounding of a double reaches.
 */
function allocateSmall(amount: bigint, currency: string, weights: readonly (bigint | number)[]): Money[] | undefined {
  if (amount > safe || amount < -safe) return undefined
  const value = Number(amount)
  const magnitude = value < 0 ? -value : value
  const count = weights.length
  let total = 0
  for (let index = 0; index < count; index++) {
    const weight = Number(weights[index])
    // Also what is no number at all: the plain form says what is wrong with it.
    if (!(weight >= 0)) return undefined
    total += weight
  }
  if (!(total > 0 && magnitude * total <= Number.MAX_SAFE_INTEGER)) return undefined
  const shares: number[] = []
  const rests: number[] = []
  let left = magnitude
  for (let index = 0; index < count; index++) {
    const weight = weights[index]!
    if (typeof weight === 'number' ? !Number.isInteger(weight) : typeof weight !== 'bigint') return undefined
    const product = magnitude * Number(weight)
    const share = Math.floor(product / total)
    shares.push(share)
    rests.push(product - share * total)
    left -= share
  }
  giveRest(shares, rests, left, 1)
  return inMinorUnits(shares, currency, value < 0)
}

/** Equal parts share one bigint: making one costs more than everything else. */
function inMinorUnits(shares: readonly number[], currency: string, isDebt: boolean): Money[] {
  const parts: Money[] = []
  let last = Number.NaN
  let converted = 0n
  for (let index = 0; index < shares.length; index++) {
    const share = shares[index]!
    if (share !== last) {
      last = share
      converted = BigInt(isDebt ? -share : share)
    }
    parts.push({ amount: converted, currency })
  }
  return parts
}

/** The same for any size, and where the weights are judged. */
export function allocateLarge(amount: bigint, currency: string, weights: readonly (bigint | number)[]): Money[] {
  const exact = weights.map(wholeWeight)
  let total = 0n
  for (const weight of exact) total += weight
  if (total === 0n) throw invalid(exact.length === 0 ? 'there is none' : 'all are zero')
  const shares = largeShares(amount < 0n ? -amount : amount, exact, total)
  return shares.map((share) => ({ amount: amount < 0n ? -share : share, currency }))
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
