/**
 * What becomes of a fraction of a minor unit. `half-even` (banker's) has no drift over many roundings; `half-up` goes away
 * from zero, as tax offices mostly ask; `down` cuts towards zero; `up` goes away from zero; `floor` and `ceiling` go towards
 * minus and plus infinity.
 */
export type Rounding = 'half-even' | 'half-up' | 'down' | 'up' | 'floor' | 'ceiling'

/** `numerator / denominator`, rounded. The denominator is above zero. */
export function divideRounded(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  const quotient = numerator / denominator
  const rest = numerator - quotient * denominator
  if (rest === 0n) return quotient
  const away = rest < 0n ? -1n : 1n
  return goesAway(quotient, rest * away, denominator, away, rounding) ? quotient + away : quotient
}

/** `rest` is without its sign; `quotient` was cut towards zero. */
function goesAway(quotient: bigint, rest: bigint, denominator: bigint, away: bigint, rounding: Rounding): boolean {
  switch (rounding) {
    case 'down':
      return false
    case 'up':
      return true
    case 'floor':
      return away < 0n
    case 'ceiling':
      return away > 0n
    default: {
      const twice = rest * 2n
      if (twice !== denominator) return twice > denominator
      return rounding === 'half-up' || (quotient & 1n) === 1n
    }
  }
}
