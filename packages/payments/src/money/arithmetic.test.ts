import { ExprsnError } from '@exprsn/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allocateLarge } from './allocate.ts'
import { divideRounded, type Rounding } from './rounding.ts'
import {
  add,
  allocate,
  compare,
  convert,
  fromUnits,
  inverse,
  money,
  multiply,
  negate,
  rational,
  subtract,
  sum,
  toUnits,
  type Money,
} from './index.ts'

const euros = (amount: bigint): Money => ({ amount, currency: 'EUR' })
const anyAmount = fc.bigInt(-(10n ** 18n), 10n ** 18n)
const runs = { numRuns: 200 }

function codeOf(work: () => unknown): string | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    return ExprsnError.is(error) ? error.code : String(error)
  }
}

describe('add, subtract, negate, sum, compare', () => {
  it('obey the laws of arithmetic', () => {
    fc.assert(
      fc.property(anyAmount, anyAmount, (a, b) => {
        expect(subtract(add(euros(a), euros(b)), euros(b))).toEqual(euros(a))
        expect(add(euros(a), negate(euros(a)))).toEqual(euros(0n))
        expect(sum([euros(a), euros(b)], 'EUR')).toEqual(add(euros(b), euros(a)))
        expect(compare(euros(a), euros(b))).toBe(a === b ? 0 : a < b ? -1 : 1)
      }),
      runs,
    )
    expect(sum([], 'JPY')).toEqual({ amount: 0n, currency: 'JPY' })
  })

  it('refuse to mix currencies', () => {
    const yen = money('1', 'JPY')
    for (const work of [add, subtract, compare])
      expect(codeOf(() => work(euros(1n), yen))).toBe('PAYMENTS_CURRENCY_MISMATCH')
    expect(codeOf(() => sum([euros(1n), yen], 'EUR'))).toBe('PAYMENTS_CURRENCY_MISMATCH')
  })
})

describe('allocate', () => {
  it('neither loses nor makes a unit, and stays within one of the exact share', () => {
    const weights = fc
      .array(fc.bigInt(0n, 10n ** 9n), { minLength: 1, maxLength: 12 })
      .filter((list) => list.some((weight) => weight > 0n))
    fc.assert(
      fc.property(anyAmount, weights, (amount, list) => {
        const parts = allocate(euros(amount), list)
        expect(sum(parts, 'EUR').amount).toBe(amount)
        const total = list.reduce((a, b) => a + b, 0n)
        for (const [index, part] of parts.entries()) {
          const error = part.amount * total - amount * list[index]!
          expect((error < 0n ? -error : error) < total).toBe(true)
          if (list[index] === 0n) expect(part.amount).toBe(0n)
        }
      }),
      runs,
    )
  })

  it('gives the same in doubles as in bigints, for any size and sign', () => {
    const weight = fc.oneof(fc.bigInt(0n, 20n), fc.bigInt(0n, 2n ** 70n), fc.constant(1n))
    const weights = fc.array(weight, { minLength: 1, maxLength: 12 }).filter((list) => list.some((each) => each > 0n))
    const amount = fc.oneof(anyAmount, fc.bigInt(-(2n ** 60n), 2n ** 60n), fc.bigInt(-20n, 20n))
    const equal = fc
      .tuple(fc.bigInt(1n, 2n ** 60n), fc.integer({ min: 1, max: 40 }))
      .map(([each, n]) => Array(n).fill(each))
    fc.assert(
      fc.property(amount, fc.oneof(weights, equal), (value, list: bigint[]) => {
        expect(allocate(euros(value), list)).toEqual(allocateLarge(value, 'EUR', list))
        if (list.every((each) => each < 2n ** 53n))
          expect(allocate(euros(value), list.map(Number))).toEqual(allocateLarge(value, 'EUR', list))
      }),
      runs,
    )
  })

  it('gives what is left to the largest remainders, ties to the earlier part', () => {
    expect(allocate(euros(100n), [1, 1, 1]).map((part) => part.amount)).toEqual([34n, 33n, 33n])
    expect(allocate(euros(-100n), [1, 1, 1]).map((part) => part.amount)).toEqual([-34n, -33n, -33n])
    expect(allocate(euros(10n), [1, 2, 5]).map((part) => part.amount)).toEqual([1n, 3n, 6n])
    expect(allocate(euros(-7n), [3, 1, 2]).map((part) => part.amount)).toEqual([-4n, -1n, -2n])
    expect(allocate(euros(7n), [0n, 1n]).map((part) => part.amount)).toEqual([0n, 7n])
  })

  it.for([[[]], [[0, 0]], [[-1, 2]], [[0.5]], [['1']], [[Number.NaN]]])('refuses the weights %j', ([weights]) => {
    expect(codeOf(() => allocate(euros(1n), weights as never))).toBe('PAYMENTS_WEIGHTS_INVALID')
  })
})

describe('rational', () => {
  it('reads decimals exactly and reduces', () => {
    expect(rational('0.19')).toEqual({ numerator: 19n, denominator: 100n })
    expect(rational('-2.50')).toEqual({ numerator: -5n, denominator: 2n })
    expect(rational('-0.5')).toEqual({ numerator: -1n, denominator: 2n })
    expect(rational(6n, 4n)).toEqual({ numerator: 3n, denominator: 2n })
    expect(rational({ numerator: 2n, denominator: 4n })).toEqual({ numerator: 1n, denominator: 2n })
    expect(rational('0')).toEqual({ numerator: 0n, denominator: 1n })
    expect(inverse('-0.5')).toEqual({ numerator: -2n, denominator: 1n })
  })

  it('is its own inverse twice over', () => {
    fc.assert(
      fc.property(
        anyAmount.filter((a) => a !== 0n),
        fc.bigInt(1n, 10n ** 12n),
        (a, b) => {
          expect(inverse(inverse(rational(a, b)))).toEqual(rational(a, b))
        },
      ),
      runs,
    )
  })

  it.for(['', '1/2', '1e3', '.5', 'Infinity', ' 1'])('refuses %j', (text) => {
    expect(codeOf(() => rational(text))).toBe('PAYMENTS_RATIONAL_INVALID')
  })

  it('refuses what is no fraction', () => {
    for (const work of [
      () => rational(1n, 0n),
      () => rational(1n, -1n),
      () => rational(0.5 as never),
      () => rational(null as never),
      () => multiply(euros(1n), { numerator: 1n, denominator: 0n }),
      () => multiply(euros(1n), 0.5 as never),
      () => inverse(0n),
    ])
      expect(codeOf(work)).toBe('PAYMENTS_RATIONAL_INVALID')
  })
})

describe('divideRounded', () => {
  const table: readonly (readonly [Rounding, readonly bigint[]])[] = [
    ['half-even', [-2n, -2n, -1n, 0n, 0n, 0n, 1n, 2n, 2n]],
    ['half-up', [-3n, -2n, -1n, -1n, 0n, 1n, 1n, 2n, 3n]],
    ['down', [-2n, -1n, -1n, 0n, 0n, 0n, 1n, 1n, 2n]],
    ['up', [-3n, -2n, -1n, -1n, 0n, 1n, 1n, 2n, 3n]],
    ['floor', [-3n, -2n, -1n, -1n, 0n, 0n, 1n, 1n, 2n]],
    ['ceiling', [-2n, -1n, -1n, 0n, 0n, 1n, 1n, 2n, 3n]],
  ]

  it.for(table)('%s', ([rounding, expected]) => {
    const halves = [-5n, -3n, -2n, -1n, 0n, 1n, 2n, 3n, 5n]
    expect(halves.map((half) => divideRounded(half, 2n, rounding))).toEqual(expected)
  })

  it('is never further than one unit off, and half at most when rounding to the nearest', () => {
    const modes = fc.constantFrom<Rounding>('half-even', 'half-up', 'down', 'up', 'floor', 'ceiling')
    fc.assert(
      fc.property(anyAmount, fc.bigInt(1n, 10n ** 9n), modes, (a, b, mode) => {
        const error = divideRounded(a, b, mode) * b - a
        const size = error < 0n ? -error : error
        expect(mode.startsWith('half') ? size * 2n <= b : size < b).toBe(true)
      }),
      runs,
    )
  })
})

describe('multiply and convert', () => {
  it('round once, at the end', () => {
    expect(multiply(euros(4990n), '0.19', 'half-up').amount).toBe(948n)
    expect(multiply(euros(50n), '0.01').amount).toBe(0n)
    expect(multiply(euros(150n), '0.01').amount).toBe(2n)
    expect(multiply(euros(100n), rational(1n, 3n), 'up').amount).toBe(34n)
    expect(multiply(euros(7n), 3n).amount).toBe(21n)
  })

  it('convert between currencies with different decimals, with the exact residual', () => {
    expect(convert(euros(1000n), 'JPY', '163.4567')).toEqual({
      converted: { amount: 1635n, currency: 'JPY' },
      residual: { numerator: -433n, denominator: 1000n },
    })
    expect(convert(money('1', 'JPY'), 'KWD', '0.002').converted.amount).toBe(2n)
  })

  it('lose nothing: converted plus residual is the exact product', () => {
    fc.assert(
      fc.property(anyAmount, fc.bigInt(1n, 10n ** 9n), fc.bigInt(1n, 10n ** 9n), (amount, top, bottom) => {
        const { converted, residual } = convert(euros(amount), 'KWD', { numerator: top, denominator: bottom })
        const { numerator, denominator } = residual
        expect((converted.amount * denominator + numerator) * bottom).toBe(amount * 10n * top * denominator)
      }),
      runs,
    )
  })
})

describe('toUnits and fromUnits', () => {
  const rules = { system: 'Acme', exponents: { ISK: 2, HUF: 0 }, multiples: { ISK: 100n, KWD: 10n } }

  it('count as the system does', () => {
    expect(toUnits(money('5', 'ISK'), rules)).toBe(500n)
    expect(toUnits(money('7.00', 'HUF'), rules)).toBe(7n)
    expect(toUnits(money('1.230', 'KWD'), rules)).toBe(1230n)
    expect(toUnits(euros(1n), rules)).toBe(1n)
    expect(fromUnits(500n, 'ISK', rules)).toEqual({ amount: 5n, currency: 'ISK' })
    expect(fromUnits(7n, 'HUF', rules).amount).toBe(700n)
  })

  it('exponent mismatch: refuse what the system cannot express, and never round', () => {
    for (const amount of [money('7.50', 'HUF'), money('1.234', 'KWD')])
      expect(codeOf(() => toUnits(amount, rules))).toBe('PAYMENTS_AMOUNT_NOT_REPRESENTABLE')
    expect(codeOf(() => fromUnits(550n, 'ISK', rules))).toBe('PAYMENTS_AMOUNT_NOT_REPRESENTABLE')
    expect(codeOf(() => toUnits(money(1n, 'EUR'), { system: 'Acme', exponents: { EUR: 1 } }))).toBe(
      'PAYMENTS_AMOUNT_NOT_REPRESENTABLE',
    )
    expect(codeOf(() => toUnits({ amount: 1n, currency: 'ABC' }, rules))).toBe('PAYMENTS_CURRENCY_UNKNOWN')
  })
})
