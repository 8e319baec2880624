import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatInstant, parseInstant } from './instant.ts'

describe('instants in trees', () => {
  it.each([
    [0n, '1970-01-01T00:00:00Z'],
    [1n, '1970-01-01T00:00:00.000000001Z'],
    [-1n, '1969-12-31T23:59:59.999999999Z'],
    [1_795_000_000_120_000_000n, '2026-11-18T11:06:40.12Z'],
    [15_020_553_600_000_000_000n, '2445-12-25T00:00:00Z'],
  ])('%s is %s', (nanoseconds, text) => {
    expect(formatInstant(nanoseconds)).toBe(text)
    expect(parseInstant(text)).toBe(nanoseconds)
  })

  it('reads any offset', () => {
    expect(parseInstant('1970-01-01T01:00:00+01:00')).toBe(0n)
    expect(parseInstant('1969-12-31T18:30:00.5-05:30')).toBe(500_000_000n)
  })

  it('survives the way there and back to the nanosecond', () => {
    const years = fc.bigInt({ min: -62_000_000_000_000_000_000n, max: 253_000_000_000_000_000_000n })
    fc.assert(
      fc.property(years, (instant) => {
        expect(parseInstant(formatInstant(instant))).toBe(instant)
      }),
      { numRuns: 200 },
    )
  })

  it('reads what has a second in common with others by itself', () => {
    const second = '2026-11-18T11:06:40'
    const at = 1_795_000_000_000_000_000n
    for (let time = 0; time < 2; time++) {
      expect(parseInstant(`${second}Z`)).toBe(at)
      expect(parseInstant(`${second}.5Z`)).toBe(at + 500_000_000n)
      expect(parseInstant(`${second}.000000001Z`)).toBe(at + 1n)
      expect(parseInstant(`${second}.25+01:00`)).toBe(at + 250_000_000n - 3_600_000_000_000n)
      for (const rest of ['', '.Z', '.1234567890Z', '.5', ' Z', 'ZZ'])
        expect(parseInstant(second + rest), rest).toBeUndefined()
    }
  })

  it('reads more different seconds than it remembers', () => {
    for (let second = 0; second < 10_000; second++) {
      const instant = BigInt(second) * 1_000_000_000n + 7n
      expect(parseInstant(formatInstant(instant))).toBe(instant)
    }
  })

  it('stays within years of four digits', () => {
    expect(formatInstant(10n ** 21n)).toBe('9999-12-31T23:59:59.999999999Z')
    expect(formatInstant(-(10n ** 21n))).toBe('0000-01-01T00:00:00Z')
  })

  it.each(['', 'yesterday', '2026-13-01T00:00:00Z', '2026-01-01 00:00:00Z', '2026-01-01T00:00:00'])(
    'does not read %j',
    (text) => expect(parseInstant(text)).toBeUndefined(),
  )
})
