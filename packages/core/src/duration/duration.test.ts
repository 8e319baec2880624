import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDuration, milliseconds, type Duration, type DurationUnit } from './duration.ts'

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

describe('milliseconds', () => {
  it('reads a number and a unit', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.constantFrom(...(Object.keys(units) as DurationUnit[])), (count, unit) => {
        expect(milliseconds(`${count}${unit}`)).toBe(count * units[unit])
      }),
      { numRuns: 200 },
    )
    expect(milliseconds('1.5h')).toBe(5_400_000)
  })

  it('leaves numbers as they are', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(milliseconds(value)).toBe(value)
      }),
      { numRuns: 200 },
    )
  })

  it.each([
    '',
    '5',
    'm',
    '5 m',
    '-5m',
    '+5m',
    '5M',
    '5min',
    '.5s',
    '5.s',
    '1e3ms',
    ' 5s',
    '5s\n',
    '5m3s',
    -1,
    Number.NaN,
    Infinity,
    null,
    undefined,
    {},
    5n,
  ])('refuses %s', (value) => {
    expect(() => milliseconds(value as Duration)).toThrow(
      expect.objectContaining({ code: 'CORE_DURATION_INVALID', status: 400 }),
    )
  })
})

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [0.4, '0 ms'],
    [340, '340 ms'],
    [999.4, '999 ms'],
    [999.5, '1.0 s'],
    [12_400, '12.4 s'],
    [59_949, '59.9 s'],
    [59_950, '1 m'],
    [59_999, '1 m'],
    [200_000, '3 m 20 s'],
    [3_599_500, '1 h'],
    [7_500_000, '2 h 5 m'],
    [86_400_000, '1 d'],
    [356_400_000, '4 d 3 h'],
    ['2w', '14 d'],
  ] as const)('%s is %s', (duration, text) => {
    expect(formatDuration(duration)).toBe(text)
  })

  it('is never off by more than its smaller unit, nor shows a unit that is full', () => {
    const parts = /^(?:(\d+(?:\.\d)?) (ms|s)|(\d+) (d|h|m)(?: (\d+) (h|m|s))?)$/
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e10, noNaN: true }), (total) => {
        const text = formatDuration(total)
        expect(text).toMatch(parts)
        const pairs = [...text.matchAll(/([\d.]+) (ms|s|m|h|d)/g)].map(
          ([, count, unit]) => [Number(count), unit] as const,
        )
        const read = pairs.reduce((sum, [count, unit]) => sum + count * units[unit as DurationUnit], 0)
        const smaller = { ms: 1, s: 100, m: 1_000, h: 60_000, d: 3_600_000 }[
          pairs[0]![1] as 'ms' | 's' | 'm' | 'h' | 'd'
        ]
        expect(Math.abs(read - total)).toBeLessThanOrEqual(smaller)
        for (const [count, unit] of pairs)
          if (unit !== 'd')
            expect(count).toBeLessThan({ ms: 1_000, s: 60, m: 60, h: 24 }[unit as 'ms' | 's' | 'm' | 'h'])
      }),
      { numRuns: 2_000 },
    )
  })
})
