import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatPostgresTime, fromPostgresTime, parsePostgresTime, toPostgresTime } from './postgres-time.ts'

describe('times of PostgreSQL', () => {
  it('count microseconds from 2000', () => {
    expect(toPostgresTime(Date.UTC(2000, 0, 1))).toBe(0n)
    expect(toPostgresTime(Date.UTC(2000, 0, 1) + 0.25)).toBe(250n)
    expect(fromPostgresTime(toPostgresTime(1_790_000_000_123))).toBe(1_790_000_000_123)
    expect(fromPostgresTime(toPostgresTime(1_790_000_000_123) + 1n)).toBe(1_790_000_000_124)
    expect(formatPostgresTime(1n)).toBe('2000-01-01T00:00:00.000001Z')
    expect(formatPostgresTime(-1n)).toBe('1999-12-31T23:59:59.999999Z')
  })

  it.each([
    ['2026-11-20 10:41:07.250123+00', '2026-11-20T10:41:07.250123Z'],
    ['2026-11-20T10:41:07Z', '2026-11-20T10:41:07.000000Z'],
    ['2026-11-20 12:41:07.5+02', '2026-11-20T10:41:07.500000Z'],
    ['2026-11-20 16:11:07.25+0530', '2026-11-20T10:41:07.250000Z'],
    ['2026-11-20 05:11:07-05:30', '2026-11-20T10:41:07.000000Z'],
  ])('read %s', (text, expected) => {
    expect(formatPostgresTime(parsePostgresTime(text)!)).toBe(expected)
  })

  it.each(['', 'yesterday', '2026-11-20', '2026-11-20 10:41:07', '2026-13-20 10:41:07Z', '2026-11-20 10:41:07 CET'])(
    'do not guess at %j',
    (text) => expect(parsePostgresTime(text)).toBeUndefined(),
  )

  it('keep every microsecond', () => {
    const within = { min: -60_000_000_000_000_000n, max: 200_000_000_000_000_000n }
    fc.assert(
      fc.property(fc.bigInt(within), (time) => {
        const text = formatPostgresTime(time)
        if (text.startsWith('-') || text.startsWith('+')) return
        expect(parsePostgresTime(text)).toBe(time)
      }),
      { numRuns: 200 },
    )
  })

  it('show a time that no calendar has', () => {
    expect(formatPostgresTime(2n ** 63n - 1n)).toContain('µs after 2000-01-01')
  })
})
