import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatLsn, parseLsn } from './lsn.ts'

describe('log sequence numbers', () => {
  it('read and write the text form of PostgreSQL', () => {
    expect(parseLsn('16/B374D848')).toBe(0x16_b374d848n)
    expect(formatLsn(0x16_b374d848n)).toBe('16/B374D848')
    expect(formatLsn(0n)).toBe('0/0')
    expect(parseLsn('ffffffff/ffffffff')).toBe(2n ** 64n - 1n)
  })

  it('survive the way there and back', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (lsn) => {
        expect(parseLsn(formatLsn(lsn))).toBe(lsn)
      }),
      { numRuns: 200 },
    )
  })

  it.each(['', '0', '/', '0/', '/0', '0/123456789', 'G/0', '0/0 ', '-1/0', '0/0/0'])('refuse %j', (text) => {
    expect(() => parseLsn(text)).toThrow(expect.objectContaining({ code: 'BACKUP_POSTGRES_LSN_INVALID' }))
  })
})
